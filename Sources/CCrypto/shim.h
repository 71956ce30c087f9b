#ifndef AUTERITY_CCRYPTO_SHIM_H
#define AUTERITY_CCRYPTO_SHIM_H

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

// Every function answers 1 for success and 0 for failure, and keeps no state between calls but what is
// looked up once.

// Looked up once: OpenSSL 3 looks `EVP_sha256()` up anew at each use, under a lock.
static inline const EVP_MD *ccrypto_sha256_method(void) {
    static EVP_MD *known = NULL;
    EVP_MD *method = __atomic_load_n(&known, __ATOMIC_ACQUIRE);
    if (method != NULL) return method;
    method = EVP_MD_fetch(NULL, "SHA256", NULL);
    EVP_MD *other = NULL;
    if (method == NULL
        || __atomic_compare_exchange_n(
            &known, &other, method, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return method;
    EVP_MD_free(method);
    return other;
}

// `digest` takes 32 bytes.
static inline int ccrypto_sha256(const void *data, size_t size, unsigned char *digest) {
    unsigned int length = 0;
    const EVP_MD *method = ccrypto_sha256_method();
    return method != NULL && EVP_Digest(data, size, digest, &length, method, NULL) == 1
        && length == 32;
}

// SHA-256 of what comes in parts: NULL when there is none; `end` also frees it.
static inline EVP_MD_CTX *ccrypto_sha256_begin(void) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const EVP_MD *method = ccrypto_sha256_method();
    if (context == NULL || method == NULL || EVP_DigestInit_ex(context, method, NULL) != 1) {
        EVP_MD_CTX_free(context);
        return NULL;
    }
    return context;
}
static inline int ccrypto_sha256_add(EVP_MD_CTX *context, const void *data, size_t size) {
    return EVP_DigestUpdate(context, data, size) == 1;
}
static inline int ccrypto_sha256_end(EVP_MD_CTX *context, unsigned char *digest) {
    unsigned int length = 0;
    int done = EVP_DigestFinal_ex(context, digest, &length) == 1 && length == 32;
    EVP_MD_CTX_free(context);
    return done;
}

// `code` takes 32 bytes.
static inline int ccrypto_hmac_sha256(
    const void *key, int key_size, const unsigned char *data, size_t size, unsigned char *code) {
    unsigned int length = 0;
    return HMAC(EVP_sha256(), key, key_size, data, size, code, &length) != NULL && length == 32;
}

static inline int ccrypto_random(unsigned char *bytes, int count) {
    return RAND_bytes(bytes, count) == 1;
}

static inline int ccrypto_equal(const void *left, const void *right, size_t size) {
    return CRYPTO_memcmp(left, right, size) == 0;
}

// AES-256-GCM: a key of 32 bytes, a nonce of 12, a tag of 16 behind the ciphertext.
// `sealed` takes `size` + 16 bytes.
static inline int ccrypto_seal(
    const unsigned char *key, const unsigned char *nonce, const unsigned char *bound,
    int bound_size, const unsigned char *plain, int size, unsigned char *sealed) {
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (context == NULL) return 0;
    int length = 0;
    int done = EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, nonce) == 1
        && EVP_EncryptUpdate(context, NULL, &length, bound, bound_size) == 1
        && EVP_EncryptUpdate(context, sealed, &length, plain, size) == 1
        && EVP_EncryptFinal_ex(context, sealed + length, &length) == 1
        && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, sealed + size) == 1;
    EVP_CIPHER_CTX_free(context);
    return done;
}

// The inverse; `sealed_size` counts the tag, `plain` takes `sealed_size` - 16 bytes. Fails when
// a byte of the ciphertext, the tag or `bound` was changed.
static inline int ccrypto_open(
    const unsigned char *key, const unsigned char *nonce, const unsigned char *bound,
    int bound_size, const unsigned char *sealed, int sealed_size, unsigned char *plain) {
    if (sealed_size < 16) return 0;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (context == NULL) return 0;
    int size = sealed_size - 16;
    int length = 0;
    int done = EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, nonce) == 1
        && EVP_DecryptUpdate(context, NULL, &length, bound, bound_size) == 1
        && EVP_DecryptUpdate(context, plain, &length, sealed, size) == 1
        && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, 16, (void *)(sealed + size)) == 1
        && EVP_DecryptFinal_ex(context, plain + length, &length) == 1;
    EVP_CIPHER_CTX_free(context);
    return done;
}

#endif
