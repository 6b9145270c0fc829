/* Part of shim.c: a seccomp filter that lets no change of a file below the directory go past the library.
 *
 * Calls that are made anywhere else than in `raw` end in a signal; its handler looks whether they concern a file below
 * the directory, and makes those that do not.
 */
#if defined(__x86_64__)
#define REGISTER(context, i)                                                                                                   \
    ((context)->uc_mcontext.gregs[(const int[]){REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9}[i]])
#define RESULT(context) ((context)->uc_mcontext.gregs[REG_RAX])
#define MACHINE AUDIT_ARCH_X86_64
#else
#define REGISTER(context, i) ((context)->uc_mcontext.regs[i])
#define RESULT(context) ((context)->uc_mcontext.regs[0])
#define MACHINE AUDIT_ARCH_AARCH64
#endif

/* The first ones have an open file in their first argument, the others names. */
static const int WATCHED[] = {
    SYS_write, SYS_pwrite64, SYS_writev, SYS_pwritev, SYS_pwritev2, SYS_ftruncate, SYS_fsync, SYS_fdatasync, SYS_fallocate,
    SYS_sendfile, SYS_ioctl, SYS_copy_file_range, SYS_splice, SYS_openat, SYS_renameat2, SYS_linkat, SYS_symlinkat,
    SYS_unlinkat, SYS_mkdirat, SYS_truncate,
#if defined(__x86_64__)
    SYS_open, SYS_creat, SYS_rename, SYS_renameat, SYS_link, SYS_symlink, SYS_unlink, SYS_rmdir, SYS_mkdir,
#endif
};
enum { WATCHED_COUNT = sizeof WATCHED / sizeof *WATCHED };

static int goes_past_us(int number, ucontext_t *context) {
    char path[PATH_MAX];
    int first = (int)REGISTER(context, 0);
    switch (number) {
    case SYS_openat: {
        int flags = (int)REGISTER(context, 2);
        return (flags & (O_CREAT | O_TRUNC)) && below_at(first, (const char *)REGISTER(context, 1), path);
    }
    case SYS_copy_file_range:
    case SYS_splice:
        return below_fd((int)REGISTER(context, 2), path);
    case SYS_ioctl:
        return (REGISTER(context, 1) == FICLONE || REGISTER(context, 1) == FICLONERANGE) && below_fd(first, path);
    case SYS_unlinkat:
    case SYS_mkdirat:
    case SYS_renameat2:
        return below_at(first, (const char *)REGISTER(context, 1), path);
    case SYS_linkat:
        return below_at((int)REGISTER(context, 2), (const char *)REGISTER(context, 3), path);
    case SYS_symlinkat:
        return below_at((int)REGISTER(context, 1), (const char *)REGISTER(context, 2), path);
#if defined(__x86_64__)
    case SYS_open: {
        int flags = (int)REGISTER(context, 1);
        return (flags & (O_CREAT | O_TRUNC)) && below_at(AT_FDCWD, (const char *)REGISTER(context, 0), path);
    }
    case SYS_link:
    case SYS_symlink:
        return below_at(AT_FDCWD, (const char *)REGISTER(context, 1), path);
    case SYS_renameat:
        return below_at(first, (const char *)REGISTER(context, 1), path);
    case SYS_creat:
    case SYS_rename:
    case SYS_unlink:
    case SYS_rmdir:
    case SYS_mkdir:
#endif
    case SYS_truncate:
        return below_at(AT_FDCWD, (const char *)REGISTER(context, 0), path);
    default:
        return below_fd(first, path);
    }
}

static void on_trap(int signal, siginfo_t *info, void *data) {
    ucontext_t *context = data;
    int kept = errno, number = info->si_syscall;
    (void)signal;
    if (goes_past_us(number, context)) {
        char text[32];
        snprintf(text, sizeof text, "number %d", number);
        complain("a system call that was not counted", text);
        _exit(PAST_US);
    }
    RESULT(context) = raw(number, REGISTER(context, 0), REGISTER(context, 1), REGISTER(context, 2), REGISTER(context, 3),
                          REGISTER(context, 4), REGISTER(context, 5));
    errno = kept;
}

static void guard(void) {
    struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART};
    struct sock_filter filter[WATCHED_COUNT + 16];
    unsigned long start = (unsigned long)raw, end = start + 256;
    unsigned short at = 0;
    if (start >> 32 != end >> 32)
        return complain("no guard", "this library lies across 4 GiB");
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < WATCHED_COUNT; i++)
        filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, WATCHED[i], WATCHED_COUNT - i, 0);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4);
    filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, start >> 32, 0, 4);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer));
    filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (unsigned)start, 0, 2);
    filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (unsigned)end, 1, 0);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    struct sock_fprog program = {at, filter};
    if (sigaction(SIGSYS, &action, NULL) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        complain("no guard", strerror(errno));
}
