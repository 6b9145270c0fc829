/* Stops or hurts a program at one chosen change of a file.  Loaded with LD_PRELOAD by the crash test.
 *
 * Every call that changes anything below ASDF_CRASH_DIR is counted from 1 and, with ASDF_CRASH_LOG, written down as
 * `kind <tab> path below the directory <tab> bytes`.  At call number ASDF_CRASH_AT happens what ASDF_CRASH_HOW says:
 *   kill      the process ends before the call
 *   torn      it ends when half of the bytes are written
 *   after     it ends behind the call
 *   eio       the call fails once
 *   enospc    the call is a short one, and from then on no file grows and none is created
 *   dead      from then on every call fails
 *   lost      it ends before the call (or, with a number behind the last one, ends as it would), and everything that
 *             was written and not brought to disk by fsync is undone, as by a power failure
 *   reordered it ends behind the call, and what was not brought to disk is undone in all other files
 *   unlisted  it ends before the call; files created without an fsync of their folder are gone
 *   undeleted like `lost`, but what comes back are the files removed without an fsync of their folder
 * A program other than ASDF_CRASH_EXE (an editor that was started) is left alone.  With ASDF_CRASH_GUARD a seccomp
 * filter makes sure that no change goes past this library: such a call ends the process with code 99.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

enum how { NOTHING, KILL, TORN, AFTER, EIO_ONCE, ENOSPC_ON, DEAD, LOST, REORDERED, UNLISTED, UNDELETED };
static const char *const NAMES[] = {"",     "kill", "torn",      "after",    "eio",      "enospc",
                                    "dead", "lost", "reordered", "unlisted", "undeleted"};

enum { KILLED = 137, PAST_US = 99, BAD_SETUP = 98 };

static char directory[PATH_MAX];
static size_t directory_length;
static enum how how;
static long chosen, count;
static int log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The only place from which system calls that change files are made; the guard knows it by its address. */
__attribute__((noinline)) static long raw(long number, long a, long b, long c, long d, long e, long f) {
#if defined(__x86_64__)
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return x0;
#else
#error "x86_64 and aarch64 only"
#endif
}

static long checked(long result) {
    if (result < 0 && result > -4096) {
        errno = (int)-result;
        return -1;
    }
    return result;
}

static void complain(const char *what, const char *path) {
    char line[PATH_MAX + 128];
    int length = snprintf(line, sizeof line, "crash shim: %s: %s\n", what, path);
    raw(SYS_write, 2, (long)line, length, 0, 0, 0);
}

/* ------------------------------------------------------------------------------------- what lies below the directory */

static int below(const char *path) {
    return directory_length && strncmp(path, directory, directory_length) == 0 &&
           (path[directory_length] == '/' || path[directory_length] == 0);
}

/* The path of an open file, when it lies below the directory. */
static int below_fd(int fd, char out[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, out, PATH_MAX - 1);
    if (length < 0)
        return 0;
    out[length] = 0;
    return below(out);
}

/* The absolute path of a name, symbolic links of its folder followed, when it lies below the directory. */
static int below_at(int at, const char *name, char out[PATH_MAX]) {
    char joined[PATH_MAX * 2], folder[PATH_MAX];
    if (!name)
        return 0;
    if (name[0] == '/') {
        snprintf(joined, sizeof joined, "%s", name);
    } else {
        if (at == AT_FDCWD) {
            if (!getcwd(folder, sizeof folder))
                return 0;
        } else {
            char link[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", at);
            ssize_t length = readlink(link, folder, sizeof folder - 1);
            if (length < 0)
                return 0;
            folder[length] = 0;
        }
        snprintf(joined, sizeof joined, "%s/%s", folder, name);
    }
    char *slash = strrchr(joined, '/');
    const char *last = slash + 1;
    if (slash == joined || strcmp(last, ".") == 0 || strcmp(last, "..") == 0 || !*last)
        return realpath(joined, out) && below(out);
    *slash = 0;
    if (!realpath(joined, folder))
        return 0;
    if (snprintf(out, PATH_MAX, "%s/%s", folder, last) >= PATH_MAX)
        return 0;
    return below(out);
}

/* ------------------------------------------------------------------------- what a power failure would take back again */

struct before {
    struct before *next;
    dev_t device;
    ino_t inode;
    int fd;
    off_t size, offset;
    size_t length;
    char bytes[];
};
static struct before *unsynced;

/* A file that was created, or removed with these bytes, while its folder was not brought to disk. */
struct entry {
    struct entry *next;
    char path[PATH_MAX];
    size_t length;
    char bytes[];
};
static struct entry *unlisted, *undeleted;

static int open_raw(const char *path, int flags) { return (int)raw(SYS_openat, AT_FDCWD, (long)path, flags, 0, 0, 0); }

/* Keeps what stands at offset..offset + length of an open file, and its size. */
static void remember(int fd, off_t offset, size_t length) {
    char link[64];
    struct stat status;
    if ((how != LOST && how != REORDERED) || fstat(fd, &status) || !S_ISREG(status.st_mode))
        return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int own = open_raw(link, O_RDWR | O_CLOEXEC);
    if (own < 0)
        return complain("cannot keep the old bytes", link);
    struct before *entry = malloc(sizeof *entry + length + 1);
    if (!entry)
        _exit(BAD_SETUP);
    ssize_t kept = pread(own, entry->bytes, length, offset);
    *entry = (struct before){unsynced, status.st_dev, status.st_ino, own, status.st_size, offset, kept < 0 ? 0 : (size_t)kept};
    unsynced = entry;
}

/* Keeps a new entry of a folder, with the bytes that the file holds now. */
static void keep(struct entry **list, const char *path, int with_bytes) {
    struct stat status = {0};
    int fd = with_bytes ? open_raw(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0)
        fstat(fd, &status);
    struct entry *entry = malloc(sizeof *entry + (size_t)status.st_size);
    if (!entry)
        _exit(BAD_SETUP);
    strcpy(entry->path, path);
    entry->length = fd < 0 ? 0 : (size_t)read(fd, entry->bytes, (size_t)status.st_size);
    entry->next = *list;
    *list = entry;
    if (fd >= 0)
        raw(SYS_close, fd, 0, 0, 0, 0, 0);
}

/* Drops the entries of a folder, or the one of that path. */
static void forget(struct entry **list, const char *path, int is_folder) {
    size_t length = strlen(path);
    for (struct entry **at = list; *at;) {
        struct entry *entry = *at;
        const char *rest = entry->path + length;
        int inside = strncmp(entry->path, path, length) == 0 && *rest == '/' && !strchr(rest + 1, '/');
        if (is_folder ? inside : strcmp(entry->path, path) == 0) {
            *at = entry->next;
            free(entry);
        } else {
            at = &entry->next;
        }
    }
}

static void synced(int fd) {
    struct stat status;
    char path[PATH_MAX];
    if (fstat(fd, &status))
        return;
    for (struct before **at = &unsynced; *at;) {
        struct before *entry = *at;
        if (entry->device == status.st_dev && entry->inode == status.st_ino) {
            *at = entry->next;
            raw(SYS_close, entry->fd, 0, 0, 0, 0, 0);
            free(entry);
        } else {
            at = &entry->next;
        }
    }
    if (!S_ISDIR(status.st_mode) || !below_fd(fd, path))
        return;
    forget(&unlisted, path, 1);
    forget(&undeleted, path, 1);
}

/* Undoes the newest writes first; those of the file behind `spared` stay. */
static void power_failure(int spared) {
    struct stat status = {0};
    if (spared >= 0)
        fstat(spared, &status);
    for (struct before *entry = unsynced; entry; entry = entry->next) {
        if (spared >= 0 && entry->device == status.st_dev && entry->inode == status.st_ino)
            continue;
        raw(SYS_pwrite64, entry->fd, (long)entry->bytes, (long)entry->length, entry->offset, 0, 0);
        raw(SYS_ftruncate, entry->fd, entry->size, 0, 0, 0, 0);
    }
    for (struct entry *entry = unlisted; how == UNLISTED && entry; entry = entry->next)
        raw(SYS_unlinkat, AT_FDCWD, (long)entry->path, 0, 0, 0, 0);
    for (struct entry *entry = undeleted; how == UNDELETED && entry; entry = entry->next) {
        int fd = (int)raw(SYS_openat, AT_FDCWD, (long)entry->path, O_WRONLY | O_CREAT | O_EXCL, 0600, 0, 0);
        if (fd >= 0)
            raw(SYS_write, fd, (long)entry->bytes, (long)entry->length, 0, 0, 0);
    }
}

static void finish(int spared) {
    if (how >= LOST)
        power_failure(how == REORDERED ? spared : -1);
    _exit(KILLED);
}

/* ------------------------------------------------------------------------------------------------------ one counted call */

enum verdict { GO, HALF, FAIL };
struct step {
    long number;
    enum verdict verdict;
};

/* Counts a call. `grows`: it needs room on the disk. `wanted`: bytes to write, 0 when it writes none. */
static struct step enter(const char *kind, const char *path, size_t wanted, int grows) {
    pthread_mutex_lock(&lock);
    struct step step = {++count, GO};
    if (log_fd >= 0) {
        char line[PATH_MAX + 64];
        int length = snprintf(line, sizeof line, "%s\t%s\t%zu\n", kind, path + directory_length, wanted);
        raw(SYS_write, log_fd, (long)line, length, 0, 0, 0);
    }
    int here = step.number == chosen, past = chosen && step.number >= chosen;
    if (here && (how == KILL || how == LOST || how == UNLISTED || how == UNDELETED))
        finish(-1);
    if (here && how == TORN)
        step.verdict = HALF;
    if ((here && how == EIO_ONCE) || (past && how == DEAD)) {
        errno = EIO;
        step.verdict = FAIL;
    }
    if (past && how == ENOSPC_ON && grows) {
        errno = ENOSPC;
        step.verdict = here && wanted > 1 ? HALF : FAIL;
    }
    return step;
}

static long leave(struct step step, int fd, long result) {
    int kept = errno;
    if (step.number == chosen && (how == AFTER || how == TORN || how == REORDERED))
        finish(fd);
    pthread_mutex_unlock(&lock);
    errno = kept;
    return result;
}

static int grows(int fd, off_t end) {
    struct stat status;
    return fstat(fd, &status) == 0 && end > status.st_size;
}

/* Where the next plain write of a file goes. */
static off_t position(int fd) {
    struct stat status;
    if (fcntl(fd, F_GETFL) & O_APPEND)
        return fstat(fd, &status) ? 0 : status.st_size;
    return lseek(fd, 0, SEEK_CUR);
}

static ssize_t written(const char *kind, long number, int fd, const void *bytes, size_t length, off_t offset) {
    char path[PATH_MAX];
    if (!below_fd(fd, path))
        return checked(raw(number, fd, (long)bytes, (long)length, offset, 0, 0));
    off_t start = number == SYS_write ? position(fd) : offset;
    struct step step = enter(kind, path, length, grows(fd, start + (off_t)length));
    long result = -1;
    if (step.verdict != FAIL) {
        remember(fd, start, length);
        result = checked(raw(number, fd, (long)bytes, (long)(step.verdict == HALF ? length / 2 : length), offset, 0, 0));
    }
    return leave(step, fd, result);
}

/* Gathered writes become one plain write, so that half of one is half of its bytes. */
static ssize_t gathered(const char *kind, int fd, const struct iovec *pieces, int number, int at, off_t offset) {
    char path[PATH_MAX];
    size_t length = 0;
    if (!below_fd(fd, path))
        return checked(at ? raw(SYS_pwritev, fd, (long)pieces, number, offset, 0, 0)
                          : raw(SYS_writev, fd, (long)pieces, number, 0, 0, 0));
    for (int i = 0; i < number; i++)
        length += pieces[i].iov_len;
    char *bytes = malloc(length + 1), *end = bytes;
    if (!bytes)
        _exit(BAD_SETUP);
    for (int i = 0; i < number; i++)
        end = (char *)mempcpy(end, pieces[i].iov_base, pieces[i].iov_len);
    ssize_t result = written(kind, at ? SYS_pwrite64 : SYS_write, fd, bytes, length, offset);
    int kept = errno;
    free(bytes);
    errno = kept;
    return result;
}

/* The kernel copies; `out_offset` may be null. */
static ssize_t copied(const char *kind, long number, int in, off64_t *in_offset, int out, off64_t *out_offset, size_t length,
                      unsigned flags) {
    char path[PATH_MAX];
    int plain = number == SYS_sendfile;
    if (!below_fd(out, path))
        return checked(plain ? raw(number, out, in, (long)in_offset, (long)length, 0, 0)
                             : raw(number, in, (long)in_offset, out, (long)out_offset, (long)length, flags));
    /* Programs ask for gigabytes and take what there is. */
    struct stat status;
    off_t from = in_offset ? *in_offset : lseek(in, 0, SEEK_CUR);
    if (fstat(in, &status) == 0 && S_ISREG(status.st_mode) && (off_t)length > status.st_size - from)
        length = status.st_size > from ? (size_t)(status.st_size - from) : 0;
    off_t start = out_offset ? *out_offset : position(out);
    struct step step = enter(kind, path, length, length && grows(out, start + (off_t)length));
    long result = -1;
    if (step.verdict == HALF)
        length /= 2;
    if (step.verdict != FAIL) {
        remember(out, start, length);
        result = checked(plain ? raw(number, out, in, (long)in_offset, (long)length, 0, 0)
                               : raw(number, in, (long)in_offset, out, (long)out_offset, (long)length, flags));
    }
    return leave(step, out, result);
}

static int resized(const char *kind, int fd, off_t size) {
    char path[PATH_MAX];
    struct stat status;
    if (!below_fd(fd, path))
        return (int)checked(raw(SYS_ftruncate, fd, size, 0, 0, 0, 0));
    struct step step = enter(kind, path, 0, grows(fd, size));
    long result = -1;
    if (step.verdict == GO || how == TORN) {
        if (fstat(fd, &status) == 0)
            remember(fd, size, status.st_size > size ? (size_t)(status.st_size - size) : 0);
        result = checked(raw(SYS_ftruncate, fd, size, 0, 0, 0, 0));
    }
    return (int)leave(step, fd, result);
}

static int flushed(const char *kind, long number, int fd) {
    char path[PATH_MAX];
    if (!below_fd(fd, path))
        return (int)checked(raw(number, fd, 0, 0, 0, 0, 0));
    struct step step = enter(kind, path, 0, 0);
    long result = -1;
    if (step.verdict != FAIL) {
        result = checked(raw(number, fd, 0, 0, 0, 0, 0));
        synced(fd);
    }
    return (int)leave(step, fd, result);
}

static int opened(int at, const char *name, int flags, mode_t mode) {
    char path[PATH_MAX];
    struct stat status;
    /* O_TMPFILE contains O_DIRECTORY. */
    int nameless = (flags & O_TMPFILE) == O_TMPFILE;
    int changes = (flags & (O_CREAT | O_TRUNC)) || nameless;
    if (!changes || !below_at(at, name, path))
        return (int)checked(raw(SYS_openat, at, (long)name, flags, mode, 0, 0));
    int is_new = nameless || stat(path, &status) != 0;
    if (!is_new && !(flags & O_TRUNC))
        return (int)checked(raw(SYS_openat, at, (long)name, flags, mode, 0, 0));
    struct step step = enter(is_new ? "create" : "truncate", path, 0, is_new);
    long result = -1;
    if (step.verdict != FAIL) {
        int old = is_new ? -1 : open_raw(path, O_RDONLY | O_CLOEXEC);
        if (old >= 0) {
            remember(old, 0, (size_t)status.st_size);
            raw(SYS_close, old, 0, 0, 0, 0, 0);
        }
        result = checked(raw(SYS_openat, at, (long)name, flags, mode, 0, 0));
        if (is_new && !nameless && result >= 0 && how == UNLISTED)
            keep(&unlisted, path, 0);
        if (result >= 0)
            forget(&undeleted, path, 0);
    }
    return (int)leave(step, (int)result, result);
}

/* Calls that change names. The second name may be absent. */
static int named(const char *kind, long number, const long arguments[5], int at, const char *name, int to_at,
                 const char *to, int needs_room) {
    char path[PATH_MAX], target[PATH_MAX];
    int from = below_at(at, name, path), onto = to && below_at(to_at, to, target);
    if (!from && !onto)
        return (int)checked(raw(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], 0));
    struct step step = enter(kind, onto ? target : path, 0, needs_room);
    long result = -1;
    if (step.verdict != FAIL) {
        if (number == SYS_unlinkat && how == UNDELETED)
            keep(&undeleted, path, 1);
        result = checked(raw(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], 0));
        if (result == 0 && from)
            forget(&unlisted, path, 0);
        if (result == 0 && onto)
            forget(&undeleted, target, 0);
    }
    return (int)leave(step, -1, result);
}

/* ------------------------------------------------------------------------------------------------ the functions replaced */

ssize_t write(int fd, const void *bytes, size_t length) { return written("write", SYS_write, fd, bytes, length, 0); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    return written("pwrite", SYS_pwrite64, fd, bytes, length, offset);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return pwrite(fd, bytes, length, offset); }
ssize_t writev(int fd, const struct iovec *pieces, int number) { return gathered("writev", fd, pieces, number, 0, 0); }
ssize_t pwritev(int fd, const struct iovec *pieces, int number, off_t offset) {
    return gathered("pwritev", fd, pieces, number, 1, offset);
}
ssize_t pwritev64(int fd, const struct iovec *pieces, int number, off64_t offset) {
    return pwritev(fd, pieces, number, offset);
}
ssize_t copy_file_range(int in, off64_t *in_offset, int out, off64_t *out_offset, size_t length, unsigned flags) {
    return copied("copy", SYS_copy_file_range, in, in_offset, out, out_offset, length, flags);
}
ssize_t sendfile(int out, int in, off_t *offset, size_t length) {
    return copied("copy", SYS_sendfile, in, (off64_t *)offset, out, NULL, length, 0);
}
ssize_t sendfile64(int out, int in, off64_t *offset, size_t length) { return sendfile(out, in, (off_t *)offset, length); }
int ftruncate(int fd, off_t size) { return resized("resize", fd, size); }
int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }
int fsync(int fd) { return flushed("fsync", SYS_fsync, fd); }
int fdatasync(int fd) { return flushed("fsync", SYS_fdatasync, fd); }

#define MODE(flags)                                                                                                            \
    mode_t mode = 0;                                                                                                           \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                                                                                     \
        va_list list;                                                                                                          \
        va_start(list, flags);                                                                                                 \
        mode = va_arg(list, mode_t);                                                                                           \
        va_end(list);                                                                                                          \
    }
int open(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int openat(int at, const char *name, int flags, ...) { MODE(flags) return opened(at, name, flags, mode); }
int openat64(int at, const char *name, int flags, ...) { MODE(flags) return opened(at, name, flags, mode); }
int creat(const char *name, mode_t mode) { return opened(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *name, mode_t mode) { return creat(name, mode); }

int renameat2(int at, const char *name, int to_at, const char *to, unsigned flags) {
    return named("rename", SYS_renameat2, (long[]){at, (long)name, to_at, (long)to, flags}, at, name, to_at, to, 0);
}
int renameat(int at, const char *name, int to_at, const char *to) { return renameat2(at, name, to_at, to, 0); }
int rename(const char *name, const char *to) { return renameat2(AT_FDCWD, name, AT_FDCWD, to, 0); }
int linkat(int at, const char *name, int to_at, const char *to, int flags) {
    return named("link", SYS_linkat, (long[]){at, (long)name, to_at, (long)to, flags}, to_at, to, 0, NULL, 1);
}
int link(const char *name, const char *to) { return linkat(AT_FDCWD, name, AT_FDCWD, to, 0); }
int symlinkat(const char *text, int at, const char *name) {
    return named("symlink", SYS_symlinkat, (long[]){(long)text, at, (long)name, 0, 0}, at, name, 0, NULL, 1);
}
int symlink(const char *text, const char *name) { return symlinkat(text, AT_FDCWD, name); }
int unlinkat(int at, const char *name, int flags) {
    return named("unlink", SYS_unlinkat, (long[]){at, (long)name, flags, 0, 0}, at, name, 0, NULL, 0);
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }
int mkdirat(int at, const char *name, mode_t mode) {
    return named("mkdir", SYS_mkdirat, (long[]){at, (long)name, mode, 0, 0}, at, name, 0, NULL, 1);
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

int fallocate(int fd, int mode, off_t offset, off_t length) {
    char path[PATH_MAX];
    struct stat status;
    if (!below_fd(fd, path))
        return (int)checked(raw(SYS_fallocate, fd, mode, offset, length, 0, 0));
    struct step step = enter("allocate", path, 0, 1);
    long result = -1;
    if (step.verdict == GO) {
        if (fstat(fd, &status) == 0)
            remember(fd, status.st_size, 0);
        result = checked(raw(SYS_fallocate, fd, mode, offset, length, 0, 0));
    }
    return (int)leave(step, fd, result);
}
int fallocate64(int fd, int mode, off64_t offset, off64_t length) { return fallocate(fd, mode, offset, length); }
int posix_fallocate(int fd, off_t offset, off_t length) { return fallocate(fd, 0, offset, length) ? errno : 0; }
int posix_fallocate64(int fd, off64_t offset, off64_t length) { return posix_fallocate(fd, offset, length); }

/* Writes through a shared map cannot be counted. */
static void forbid_map(int protection, int flags, int fd) {
    char path[PATH_MAX];
    if ((flags & MAP_SHARED) && (protection & PROT_WRITE) && fd >= 0 && below_fd(fd, path)) {
        complain("a writable shared map", path);
        _exit(PAST_US);
    }
}
void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    forbid_map(protection, flags, fd);
    return (void *)checked(raw(SYS_mmap, (long)address, (long)length, protection, flags, fd, offset));
}
void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset) {
    return mmap(address, length, protection, flags, fd, offset);
}

#include "guard.c"

/* ------------------------------------------------------------------------------------------------------- start and end */

__attribute__((constructor)) static void start(void) {
    const char *folder = getenv("ASDF_CRASH_DIR"), *exe = getenv("ASDF_CRASH_EXE"), *at = getenv("ASDF_CRASH_AT"),
               *wanted = getenv("ASDF_CRASH_HOW"), *log = getenv("ASDF_CRASH_LOG");
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (!folder || length < 0)
        return;
    self[length] = 0;
    if (exe && strcmp(exe, self) != 0)
        return;
    if (log)
        log_fd = (int)raw(SYS_openat, AT_FDCWD, (long)log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600, 0, 0);
    for (int i = 0; wanted && i <= UNDELETED; i++)
        if (strcmp(wanted, NAMES[i]) == 0)
            how = (enum how)i;
    if ((wanted && *wanted && !how) || (log && log_fd < 0) || !realpath(folder, directory)) {
        complain("wrong settings", folder);
        _exit(BAD_SETUP);
    }
    chosen = at ? atol(at) : 0;
    directory_length = strlen(directory);
    if (getenv("ASDF_CRASH_GUARD"))
        guard();
}

__attribute__((destructor)) static void end(void) {
    if ((how == LOST || how == UNDELETED) && count < chosen)
        power_failure(-1);
}
