/*
 * Writes down, in one total order, everything that a process does to the files under a folder, so that a test can work out
 * which states a power cut may leave on the disk. Loaded with LD_PRELOAD; Linux, 64 bits.
 *
 *   POWERLOSS_ROOT     the folder, an absolute path without symbolic links
 *   POWERLOSS_JOURNAL  the file that the records are appended to; it lies outside of the folder
 *   POWERLOSS_DEATH    after so many records the process kills itself; never when absent
 *
 * Each call is done by its system call and then recorded, both under one lock, so that the records of one process are in the
 * order in which they took effect. Syncs are recorded and not done: nobody pulls a plug here, and a test has no hour to wait.
 * Calls that would move bytes past this layer (copy_file_range, sendfile, splice) fail as a file system without them does, so
 * that callers fall back to writing. What still escapes is noticed: the test compares what the records add up to with the
 * folder that the process left.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAGIC 0x50574c31u /* "1LWP" */
#define MOST_PARTS 1024

/* Little-endian, and read as such in journal.rs. */
struct record {
    uint32_t magic;
    uint32_t data_length;
    uint64_t inode;
    uint64_t offset;
    uint16_t path_length;
    uint16_t other_path_length;
    uint16_t mode;
    uint8_t operation;
    uint8_t spare;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t root_length;
static int journal = -1;
static long until_death = -1;

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("POWERLOSS_ROOT"), *file = getenv("POWERLOSS_JOURNAL");
    if (!folder || !file || strlen(folder) >= sizeof root) return;
    strcpy(root, folder);
    root_length = strlen(root);
    const char *death = getenv("POWERLOSS_DEATH");
    if (death) until_death = atol(death);
    journal = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void append(char operation, const char *path, const char *other, uint64_t inode, uint64_t offset, unsigned mode,
                   const struct iovec *parts, int count, size_t length) {
    int before = errno;
    struct iovec all[MOST_PARTS + 3];
    struct record head = {MAGIC, (uint32_t)length, inode, offset, path ? (uint16_t)strlen(path) : 0,
                          other ? (uint16_t)strlen(other) : 0, (uint16_t)mode, (uint8_t)operation, 0};
    int used = 0;
    all[used++] = (struct iovec){&head, sizeof head};
    if (path) all[used++] = (struct iovec){(void *)path, strlen(path)};
    if (other) all[used++] = (struct iovec){(void *)other, strlen(other)};
    size_t left = length;
    for (int i = 0; i < count && left > 0; i++) {
        size_t take = parts[i].iov_len < left ? parts[i].iov_len : left;
        all[used++] = (struct iovec){parts[i].iov_base, take};
        left -= take;
    }
    size_t whole = sizeof head + head.path_length + head.other_path_length + length;
    if (left > 0 || syscall(SYS_writev, journal, all, used) != (ssize_t)whole) {
        static const char complaint[] = "powerloss: a record could not be written\n";
        syscall(SYS_write, 2, complaint, sizeof complaint - 1);
        abort();
    }
    /* Under the lock, so that no other thread does anything that is not recorded. */
    if (until_death > 0 && --until_death == 0) {
        syscall(SYS_kill, getpid(), SIGKILL);
        for (;;) pause();
    }
    errno = before;
}

static int below_root(const char *path) {
    return root_length && strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || path[root_length] == 0);
}

/* The path of an open file, and whether it lies below the root. */
static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return below_root(path);
}

/* Whether the descriptor is a regular file (or, with `folders`, a folder) below the root. Keeps errno. */
static int watched(int fd, int folders, struct stat *status, char *path) {
    int before = errno;
    int is = journal >= 0 && fd != journal && fstat(fd, status) == 0 &&
             (S_ISREG(status->st_mode) || (folders && S_ISDIR(status->st_mode))) && path_of(fd, path);
    errno = before;
    return is;
}

/* The absolute path of a name, without resolving it; whether it lies below the root. */
static int named(int at, const char *name, char *path) {
    if (journal < 0 || !name) return 0;
    if (name[0] == '/') {
        if (strlen(name) >= PATH_MAX) return 0;
        strcpy(path, name);
    } else {
        char folder[PATH_MAX];
        if (at == AT_FDCWD) {
            if (!getcwd(folder, sizeof folder)) return 0;
        } else {
            path_of(at, folder);
        }
        if (snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX) return 0;
    }
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') path[--length] = 0;
    return below_root(path);
}

static int open_at(int at, const char *name, int flags, mode_t mode) {
    char path[PATH_MAX];
    if (!(flags & (O_CREAT | O_TRUNC)) || !named(at, name, path)) return (int)syscall(SYS_openat, at, name, flags, mode);
    pthread_mutex_lock(&lock);
    struct stat before, after;
    int saved = errno;
    int there = fstatat(at, name, &before, 0) == 0;
    errno = saved;
    int fd = (int)syscall(SYS_openat, at, name, flags, mode);
    if (fd >= 0 && fstat(fd, &after) == 0 && S_ISREG(after.st_mode)) {
        if (!there) append('C', path, NULL, after.st_ino, 0, after.st_mode & 07777, NULL, 0, 0);
        else if ((flags & O_TRUNC) && before.st_size > 0) append('T', NULL, NULL, after.st_ino, 0, 0, NULL, 0, 0);
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE_OF(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | __O_TMPFILE)) { \
        va_list more; \
        va_start(more, flags); \
        mode = va_arg(more, mode_t); \
        va_end(more); \
    }

int open(const char *name, int flags, ...) { MODE_OF(flags) return open_at(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE_OF(flags) return open_at(AT_FDCWD, name, flags, mode); }
int openat(int at, const char *name, int flags, ...) { MODE_OF(flags) return open_at(at, name, flags, mode); }
int openat64(int at, const char *name, int flags, ...) { MODE_OF(flags) return open_at(at, name, flags, mode); }
int creat(const char *name, mode_t mode) { return open_at(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *name, mode_t mode) { return open_at(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int __open_2(const char *name, int flags) { return open_at(AT_FDCWD, name, flags, 0); }
int __open64_2(const char *name, int flags) { return open_at(AT_FDCWD, name, flags, 0); }

/* `offset` below 0: at the file's own position. */
static ssize_t write_parts(int fd, const struct iovec *parts, int count, off_t offset) {
    char path[PATH_MAX];
    struct stat status;
    if (!watched(fd, 0, &status, path)) {
        return offset < 0 ? syscall(SYS_writev, fd, parts, count) : syscall(SYS_pwritev, fd, parts, count, offset, 0L);
    }
    pthread_mutex_lock(&lock);
    off_t at = offset;
    if (offset < 0) {
        int appends = (int)syscall(SYS_fcntl, fd, F_GETFL) & O_APPEND;
        at = (off_t)syscall(SYS_lseek, fd, 0L, appends ? SEEK_END : SEEK_CUR);
    }
    ssize_t done = offset < 0 ? syscall(SYS_writev, fd, parts, count) : syscall(SYS_pwritev, fd, parts, count, offset, 0L);
    if (done > 0) append('W', NULL, NULL, status.st_ino, (uint64_t)at, 0, parts, count, (size_t)done);
    pthread_mutex_unlock(&lock);
    return done;
}

static ssize_t write_bytes(int fd, const void *bytes, size_t length, off_t offset) {
    struct iovec part = {(void *)bytes, length};
    return write_parts(fd, &part, 1, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) { return write_bytes(fd, bytes, length, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return write_bytes(fd, bytes, length, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return write_bytes(fd, bytes, length, at); }
ssize_t writev(int fd, const struct iovec *parts, int count) { return write_parts(fd, parts, count, -1); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return write_parts(fd, parts, count, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) { return write_parts(fd, parts, count, at); }
ssize_t pwritev2(int fd, const struct iovec *parts, int count, off_t at, int flags) {
    (void)flags;
    return write_parts(fd, parts, count, at);
}
ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off64_t at, int flags) {
    (void)flags;
    return write_parts(fd, parts, count, at);
}

static int set_length(int fd, off_t length) {
    char path[PATH_MAX];
    struct stat status;
    if (!watched(fd, 0, &status, path)) return (int)syscall(SYS_ftruncate, fd, length);
    pthread_mutex_lock(&lock);
    int failed = (int)syscall(SYS_ftruncate, fd, length);
    if (!failed) append('T', NULL, NULL, status.st_ino, (uint64_t)length, 0, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}

int ftruncate(int fd, off_t length) { return set_length(fd, length); }
int ftruncate64(int fd, off64_t length) { return set_length(fd, length); }

static int set_length_of(const char *name, off_t length) {
    int fd = open_at(AT_FDCWD, name, O_WRONLY | O_CLOEXEC, 0);
    if (fd < 0) return -1;
    int failed = set_length(fd, length), why = errno;
    close(fd);
    errno = why;
    return failed;
}

int truncate(const char *name, off_t length) { return set_length_of(name, length); }
int truncate64(const char *name, off64_t length) { return set_length_of(name, length); }

/* Room that is asked for ahead is no promise of data; only the length counts here. */
static int reserve(int fd, int mode, off_t offset, off_t length) {
    char path[PATH_MAX];
    struct stat status;
    if (!watched(fd, 0, &status, path)) return (int)syscall(SYS_fallocate, fd, mode, offset, length);
    if (mode != 0) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return offset + length > status.st_size ? set_length(fd, offset + length) : 0;
}

int fallocate(int fd, int mode, off_t offset, off_t length) { return reserve(fd, mode, offset, length); }
int fallocate64(int fd, int mode, off64_t offset, off64_t length) { return reserve(fd, mode, offset, length); }
int posix_fallocate(int fd, off_t offset, off_t length) { return reserve(fd, 0, offset, length) ? errno : 0; }
int posix_fallocate64(int fd, off64_t offset, off64_t length) { return reserve(fd, 0, offset, length) ? errno : 0; }

static int sync_of(int fd, long call) {
    char path[PATH_MAX];
    struct stat status;
    if (!watched(fd, 1, &status, path)) return (int)syscall(call, fd);
    pthread_mutex_lock(&lock);
    if (S_ISDIR(status.st_mode)) append('Y', path, NULL, 0, 0, 0, NULL, 0, 0);
    else append('F', NULL, NULL, status.st_ino, 0, 0, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    return 0;
}

int fsync(int fd) { return sync_of(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_of(fd, SYS_fdatasync); }
/* Promises nothing about lengths and names, and so nothing at all here. */
int sync_file_range(int fd, off64_t offset, off64_t length, unsigned flags) {
    (void)fd, (void)offset, (void)length, (void)flags;
    return 0;
}

static int rename_at(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
    char old[PATH_MAX], new[PATH_MAX];
    int of_ours = named(from_at, from, old) | named(to_at, to, new) << 1;
    if (!of_ours) return (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags);
    pthread_mutex_lock(&lock);
    int failed = (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags);
    if (!failed) append('R', old, new, 0, 0, 0, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}

int rename(const char *from, const char *to) { return rename_at(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_at, const char *from, int to_at, const char *to) { return rename_at(from_at, from, to_at, to, 0); }
int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
    return rename_at(from_at, from, to_at, to, flags);
}

int linkat(int from_at, const char *from, int to_at, const char *to, int flags) {
    char old[PATH_MAX], new[PATH_MAX];
    struct stat status;
    if (!named(to_at, to, new)) return (int)syscall(SYS_linkat, from_at, from, to_at, to, flags);
    pthread_mutex_lock(&lock);
    named(from_at, from, old);
    int failed = (int)syscall(SYS_linkat, from_at, from, to_at, to, flags);
    if (!failed && fstatat(to_at, to, &status, AT_SYMLINK_NOFOLLOW) == 0)
        append('L', old, new, status.st_ino, 0, 0, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

static int unlink_at(int at, const char *name, int flags) {
    char path[PATH_MAX];
    if (!named(at, name, path)) return (int)syscall(SYS_unlinkat, at, name, flags);
    pthread_mutex_lock(&lock);
    int failed = (int)syscall(SYS_unlinkat, at, name, flags);
    if (!failed) append('U', path, NULL, 0, 0, 0, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}

int unlink(const char *name) { return unlink_at(AT_FDCWD, name, 0); }
int unlinkat(int at, const char *name, int flags) { return unlink_at(at, name, flags); }
int rmdir(const char *name) { return unlink_at(AT_FDCWD, name, AT_REMOVEDIR); }

int mkdirat(int at, const char *name, mode_t mode) {
    char path[PATH_MAX];
    if (!named(at, name, path)) return (int)syscall(SYS_mkdirat, at, name, mode);
    pthread_mutex_lock(&lock);
    int failed = (int)syscall(SYS_mkdirat, at, name, mode);
    if (!failed) append('D', path, NULL, 0, 0, 0, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

/* What is written through a shared mapping is seen by nobody; such a file has any content after a cut. */
static void *map(void *where, size_t length, int protection, int flags, int fd, off_t offset) {
    char path[PATH_MAX];
    struct stat status;
    int shared = fd >= 0 && (flags & (MAP_SHARED | MAP_SHARED_VALIDATE)) && (protection & PROT_WRITE);
    if (shared && watched(fd, 0, &status, path)) {
        pthread_mutex_lock(&lock);
        append('M', NULL, NULL, status.st_ino, 0, 0, NULL, 0, 0);
        pthread_mutex_unlock(&lock);
    }
    return (void *)syscall(SYS_mmap, where, length, protection, flags, fd, offset);
}

void *mmap(void *where, size_t length, int protection, int flags, int fd, off_t offset) {
    return map(where, length, protection, flags, fd, offset);
}
void *mmap64(void *where, size_t length, int protection, int flags, int fd, off64_t offset) {
    return map(where, length, protection, flags, fd, offset);
}

static int is_watched(int fd) {
    char path[PATH_MAX];
    struct stat status;
    return watched(fd, 0, &status, path);
}

ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t length, unsigned flags) {
    if (is_watched(out)) {
        errno = ENOSYS;
        return -1;
    }
    return syscall(SYS_copy_file_range, in, in_at, out, out_at, length, flags);
}
ssize_t sendfile(int out, int in, off_t *offset, size_t length) {
    if (is_watched(out)) {
        errno = EINVAL;
        return -1;
    }
    return syscall(SYS_sendfile, out, in, offset, length);
}
ssize_t sendfile64(int out, int in, off64_t *offset, size_t length) { return sendfile(out, in, (off_t *)offset, length); }
ssize_t splice(int in, off64_t *in_at, int out, off64_t *out_at, size_t length, unsigned flags) {
    if (is_watched(out)) {
        errno = EINVAL;
        return -1;
    }
    return syscall(SYS_splice, in, in_at, out, out_at, length, flags);
}
