// bcrypt of the system's libxcrypt. `crypt_r` works in memory that the caller owns, so it may run
// on several threads at once.
#ifndef CBCRYPT_SHIM_H
#define CBCRYPT_SHIM_H

#include <crypt.h>

#endif
