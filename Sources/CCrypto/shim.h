// The plain functions, not EVP: seven objects of the archive (48 KB) instead of 722 (3.8 MB) that find providers at the first call.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
