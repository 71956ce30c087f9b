// What stat(2) says of a file. Which module Swift takes `struct stat` from depends on the other
// modules of a build; these names are the same in all of them.
#ifndef AUTERITY_CFILESTATUS_SHIM_H
#define AUTERITY_CFILESTATUS_SHIM_H

#include <sys/stat.h>

typedef struct {
    unsigned int mode;
    unsigned int owner;
    long long size;
    unsigned long long inode;
} cfile_status;

// 0, or -1 with errno. `follows` says whether a symbolic link stands for its target.
static inline int cfile_status_of(const char *path, int follows, cfile_status *status) {
    struct stat known;
    int code = follows ? stat(path, &known) : lstat(path, &known);
    if (code == 0) {
        status->mode = known.st_mode;
        status->owner = known.st_uid;
        status->size = known.st_size;
        status->inode = known.st_ino;
    }
    return code;
}

// Whether two descriptors are open on the same device.
static inline int cfile_is_same_device(int left, int right) {
    struct stat one, other;
    return fstat(left, &one) == 0 && fstat(right, &other) == 0 && one.st_rdev == other.st_rdev;
}

#endif
