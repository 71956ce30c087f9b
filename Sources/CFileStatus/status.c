#include "CFileStatus.h"

#include <sys/stat.h>

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
