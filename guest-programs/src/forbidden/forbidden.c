/* Executes what user mode may not, each instruction first on a page behind one that may not be touched: a signal with
 * the address of the instruction. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "guest.h"

enum { PAGE = 4096, LONGEST = 4 };

struct forbidden {
    unsigned char code[LONGEST];
    int signal;
};

static const struct forbidden cases[] = {
#if defined(__x86_64__)
    {{0x0f, 0x0b, 0xc3, 0xc3}, SIGILL},  /* ud2 */
    {{0xf4, 0xc3, 0xc3, 0xc3}, SIGSEGV}, /* hlt */
    {{0xfa, 0xc3, 0xc3, 0xc3}, SIGSEGV}, /* cli */
    {{0xec, 0xc3, 0xc3, 0xc3}, SIGSEGV}, /* in al, dx */
    {{0xe5, 0x80, 0xc3, 0xc3}, SIGSEGV}, /* in eax, 0x80 */
    {{0xee, 0xc3, 0xc3, 0xc3}, SIGSEGV}, /* out dx, al */
    {{0x6c, 0xc3, 0xc3, 0xc3}, SIGSEGV}, /* insb */
    {{0x6f, 0xc3, 0xc3, 0xc3}, SIGSEGV}, /* outsd */
    {{0xcd, 0x00, 0xc3, 0xc3}, SIGSEGV}, /* int 0, which is not a division by zero */
    {{0xcd, 0x0e, 0xc3, 0xc3}, SIGSEGV}, /* int 14, which is not a page fault */
    {{0xcd, 0x21, 0xc3, 0xc3}, SIGSEGV}, /* int 0x21 */
#else
    {{0x00, 0x00, 0x00, 0x00}, SIGILL}, /* the illegal instruction of two bytes */
    {{0xff, 0xff, 0xff, 0xff}, SIGILL},
    {{0x73, 0x00, 0x20, 0x10}, SIGILL}, /* sret */
    {{0x73, 0x00, 0x20, 0x30}, SIGILL}, /* mret */
    {{0x73, 0x00, 0x00, 0x12}, SIGILL}, /* sfence.vma */
    {{0x73, 0x25, 0x00, 0x10}, SIGILL}, /* csrr a0, sstatus */
    {{0x73, 0x10, 0x05, 0x18}, SIGILL}, /* csrw satp, a0 */
#endif
};

static sigjmp_buf escape;
static volatile int signal_seen;
static const unsigned char *volatile stopped_at;

static void on_signal(int signal, siginfo_t *detail, void *context) {
    (void) detail;
    const mcontext_t *machine = &((ucontext_t *) context)->uc_mcontext;
    signal_seen = signal;
#if defined(__x86_64__)
    stopped_at = (const unsigned char *) machine->gregs[REG_RIP];
#else
    stopped_at = (const unsigned char *) machine->__gregs[REG_PC];
#endif
    siglongjmp(escape, 1);
}

static int is_refused(const struct forbidden *tried, unsigned char *code) {
    memcpy(code, tried->code, LONGEST);
    __builtin___clear_cache((char *) code, (char *) code + LONGEST);
    signal_seen = 0;
    if (!sigsetjmp(escape, 1)) {
        ((void (*)(void)) code)();
    }
    return signal_seen == tried->signal && stopped_at == code;
}

int main(void) {
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    sigaction(SIGILL, &action, NULL);
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGFPE, &action, NULL);
    unsigned char *pages =
        mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    guest_check("a page lies in front", pages != MAP_FAILED && !mprotect(pages, PAGE, PROT_NONE));
    int refused = 1;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!is_refused(&cases[i], pages + PAGE)) {
            fprintf(stderr, "case %zu: signal %d\n", i, signal_seen);
            refused = 0;
        }
    }
    guest_check("every forbidden instruction is refused", refused);
    return guest_checks_status();
}
