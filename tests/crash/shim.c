/* Records what a program does to the files below a folder, for playing back power cuts, and can make the disk full.

   Preloaded (LD_PRELOAD). SHIM_ROOT is the folder, SHIM_LOG the record. A record: kind (1 byte), length of the path (4),
   offset (8), length of the data (8), path, data; numbers little-endian. Kinds: w write at offset, t truncate to offset,
   s synced, u unlink, r rename (data is the new path), l link (data is the new path).
   shim_fail_after(n): the n-th write from now on and all later ones fail with "no space left on device"; -1 heals. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_descriptor = -2;
static long fail_after = -1;
static long writes = 0;

void shim_fail_after(long n) { fail_after = n; writes = 0; }
long shim_writes(void) { return writes; }

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static const char *root(void) {
    static const char *value = NULL;
    if (!value) value = getenv("SHIM_ROOT") ? getenv("SHIM_ROOT") : "";
    return value;
}

static int inside(const char *path) {
    const char *r = root();
    size_t n = strlen(r);
    /* shared memory is rebuilt after a crash, and locks hold nothing */
    size_t m = strlen(path);
    if (m > 4 && strcmp(path + m - 4, "-shm") == 0) return 0;
    return n && strncmp(path, r, n) == 0 && path[n] == '/';
}

static int path_of(int descriptor, char *out) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t n = readlink(link, out, 4095);
    if (n < 0) return 0;
    out[n] = 0;
    char *deleted = strstr(out, " (deleted)");
    if (deleted) return 0;
    return inside(out);
}

static void record(char kind, const char *path, uint64_t offset, const void *data, uint64_t length) {
    static ssize_t (*write_)(int, const void *, size_t) = NULL;
    if (!write_) write_ = real("write");
    pthread_mutex_lock(&lock);
    if (log_descriptor == -2) {
        const char *name = getenv("SHIM_LOG");
        log_descriptor = name ? open(name, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    }
    if (log_descriptor >= 0) {
        uint32_t n = strlen(path);
        char head[21];
        head[0] = kind;
        memcpy(head + 1, &n, 4);
        memcpy(head + 5, &offset, 8);
        memcpy(head + 13, &length, 8);
        write_(log_descriptor, head, sizeof head);
        write_(log_descriptor, path, n);
        if (length) write_(log_descriptor, data, length);
    }
    pthread_mutex_unlock(&lock);
}

static int full(void) {
    long number = __sync_add_and_fetch(&writes, 1);
    if (fail_after >= 0 && number > fail_after) { errno = ENOSPC; return 1; }
    return 0;
}

ssize_t write(int descriptor, const void *data, size_t length) {
    ssize_t (*next)(int, const void *, size_t) = real("write");
    char path[4096];
    if (!path_of(descriptor, path)) return next(descriptor, data, length);
    if (full()) return -1;
    off_t offset = (fcntl(descriptor, F_GETFL) & O_APPEND) ? lseek(descriptor, 0, SEEK_END) : lseek(descriptor, 0, SEEK_CUR);
    ssize_t done = next(descriptor, data, length);
    if (done > 0) record('w', path, offset, data, done);
    return done;
}

static ssize_t at(const char *name, int descriptor, const void *data, size_t length, off64_t offset) {
    ssize_t (*next)(int, const void *, size_t, off64_t) = real(name);
    char path[4096];
    if (!path_of(descriptor, path)) return next(descriptor, data, length, offset);
    if (full()) return -1;
    ssize_t done = next(descriptor, data, length, offset);
    if (done > 0) record('w', path, offset, data, done);
    return done;
}

ssize_t pwrite(int d, const void *p, size_t n, off_t o) { return at("pwrite", d, p, n, o); }
ssize_t pwrite64(int d, const void *p, size_t n, off64_t o) { return at("pwrite64", d, p, n, o); }

static int cut(const char *name, int descriptor, off64_t length) {
    int (*next)(int, off64_t) = real(name);
    char path[4096];
    int known = path_of(descriptor, path);
    int done = next(descriptor, length);
    if (known && done == 0) record('t', path, length, NULL, 0);
    return done;
}

int ftruncate(int d, off_t n) { return cut("ftruncate", d, n); }
int ftruncate64(int d, off64_t n) { return cut("ftruncate64", d, n); }

static int synced(const char *name, int descriptor) {
    int (*next)(int) = real(name);
    char path[4096];
    int known = path_of(descriptor, path);
    int done = next(descriptor);
    if (known && done == 0) record('s', path, 0, NULL, 0);
    return done;
}

int fsync(int d) { return synced("fsync", d); }
int fdatasync(int d) { return synced("fdatasync", d); }

static void absolute(const char *path, char *out) {
    if (path[0] == '/') { snprintf(out, 4096, "%s", path); return; }
    char here[2048];
    if (!getcwd(here, sizeof here)) here[0] = 0;
    snprintf(out, 4096, "%s/%s", here, path);
}

int unlink(const char *path) {
    int (*next)(const char *) = real("unlink");
    char full_path[4096];
    absolute(path, full_path);
    int done = next(path);
    if (done == 0 && inside(full_path)) record('u', full_path, 0, NULL, 0);
    return done;
}

int unlinkat(int folder, const char *path, int flags) {
    int (*next)(int, const char *, int) = real("unlinkat");
    char full_path[4096];
    absolute(path, full_path);
    int done = next(folder, path, flags);
    if (done == 0 && inside(full_path)) record('u', full_path, 0, NULL, 0);
    return done;
}

int rename(const char *from, const char *to) {
    int (*next)(const char *, const char *) = real("rename");
    char a[4096], b[4096];
    absolute(from, a);
    absolute(to, b);
    int done = next(from, to);
    if (done == 0 && inside(a)) record('r', a, 0, b, strlen(b));
    return done;
}

int link(const char *from, const char *to) {
    int (*next)(const char *, const char *) = real("link");
    char a[4096], b[4096];
    absolute(from, a);
    absolute(to, b);
    int done = next(from, to);
    if (done == 0 && inside(a)) record('l', a, 0, b, strlen(b));
    return done;
}
