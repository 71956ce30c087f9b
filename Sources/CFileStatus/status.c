#define _GNU_SOURCE
#include "CFileStatus.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

int cfile_status_of(const char *path, int follows, cfile_status *status) {
    struct stat known;
    int code = follows ? stat(path, &known) : lstat(path, &known);
    if (code == 0) {
        status->mode = known.st_mode;
        status->owner = known.st_uid;
        status->size = known.st_size;
        status->inode = known.st_ino;
        status->changed = known.st_ctim.tv_sec * 1000000000LL + known.st_ctim.tv_nsec;
    }
    return code;
}

int cfile_is_same_device(int left, int right) {
    struct stat one, other;
    return fstat(left, &one) == 0 && fstat(right, &other) == 0 && one.st_rdev == other.st_rdev;
}

int cfile_rename_new(const char *from, const char *to) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

int cfile_volume_of(const char *path, cfile_volume *volume) {
    struct statfs known;
    int code = statfs(path, &known);
    if (code == 0) {
        volume->kind = (unsigned long)known.f_type & 0xFFFFFFFFul;
        volume->is_read_only = (known.f_flags & ST_RDONLY) != 0;
        volume->free = (long long)known.f_bavail * known.f_bsize;
        volume->size = (long long)known.f_blocks * known.f_bsize;
    }
    return code;
}
