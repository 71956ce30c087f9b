// What stat(2) says of a file. Which module Swift takes `struct stat` from depends on the other
// modules of a build; these names are the same in all of them, since no system header is included.
#ifndef AUTERITY_CFILESTATUS_H
#define AUTERITY_CFILESTATUS_H

typedef struct {
    unsigned int mode;
    unsigned int owner;
    long long size;
    unsigned long long inode;
    // Nanoseconds since 1970 of the last change of the file's status.
    long long changed;
} cfile_status;

// 0, or -1 with errno. `follows` says whether a symbolic link stands for its target.
int cfile_status_of(const char *path, int follows, cfile_status *status);

// Whether two descriptors are open on the same device.
int cfile_is_same_device(int left, int right);

// Renames where nothing has the new name; 0, or -1 with errno, EINVAL where the file system cannot
// promise it.
int cfile_rename_new(const char *from, const char *to);

typedef struct {
    // The number of the file system's kind, as statfs(2) lists them.
    unsigned long kind;
    int is_read_only;
    // Bytes that a user may still write, and of the whole.
    long long free;
    long long size;
} cfile_volume;

// The file system that holds a path; 0, or -1 with errno.
int cfile_volume_of(const char *path, cfile_volume *volume);

#endif
