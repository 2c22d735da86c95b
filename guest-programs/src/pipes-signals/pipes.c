/* Pipes: ping-pong, more data than a pipe holds, end of file, non-blocking ends, dup2. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipes-signals.h"

struct pair {
    int read_end;
    int write_end;
};

static struct pair new_pipe(int flags) {
    int ends[2];
    if (pipe2(ends, flags)) {
        guest_fail("pipe2");
    }
    return (struct pair){ends[0], ends[1]};
}

static void close_both(struct pair pair) {
    close(pair.read_end);
    close(pair.write_end);
}

static uint64_t ping(struct pair to, struct pair from, int rounds) {
    uint64_t value = 1;
    for (int round = 0; round < rounds; round++) {
        if (write(to.write_end, &value, sizeof value) != sizeof value
            || read(from.read_end, &value, sizeof value) != sizeof value) {
            guest_fail("ping");
        }
        value = guest_mix(value);
    }
    return value;
}

static void pong(struct pair from, struct pair to) {
    uint64_t value;
    while (read(from.read_end, &value, sizeof value) == sizeof value) {
        value = value * 3 + 1;
        if (write(to.write_end, &value, sizeof value) != sizeof value) {
            _exit(1);
        }
    }
    _exit(0);
}

static void ping_pong(void) {
    struct pair there = new_pipe(0);
    struct pair back = new_pipe(0);
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        close(there.write_end);
        pong(there, back);
    }
    close(there.read_end);
    printf("ping-pong: %016llx\n", (unsigned long long) ping(there, back, 200));
    close(there.write_end);
    guest_check("end of file ends the other side", guest_wait(child) == 0);
    close_both(back);
}

enum { BULK_BYTES = 300 * 1000 };

static void send_bulk(int fd) {
    unsigned char *bytes = malloc(BULK_BYTES);
    for (int i = 0; i < BULK_BYTES; i++) {
        bytes[i] = (unsigned char) guest_mix((uint64_t) i);
    }
    ssize_t sent = write(fd, bytes, BULK_BYTES);
    _exit(sent != BULK_BYTES);
}

static void bulk(void) {
    struct pair pair = new_pipe(0);
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        send_bulk(pair.write_end);
    }
    close(pair.write_end);
    unsigned char buffer[7000];
    long total = 0;
    int wrong = 0;
    ssize_t got;
    while ((got = read(pair.read_end, buffer, sizeof buffer)) > 0) {
        for (ssize_t i = 0; i < got; i++) {
            wrong += buffer[i] != (unsigned char) guest_mix((uint64_t) (total + i));
        }
        total += got;
    }
    close(pair.read_end);
    printf("bulk: %ld bytes, %d wrong\n", total, wrong);
    guest_check("writer of more than the pipe holds", guest_wait(child) == 0);
}

static void edges(void) {
    struct pair pair = new_pipe(O_NONBLOCK | O_CLOEXEC);
    char byte = 'x';
    guest_check_errno("read of an empty non-blocking pipe", read(pair.read_end, &byte, 1) < 0 ? errno : 0, EAGAIN);
    static char block[4096];
    long room = 0;
    ssize_t put;
    while ((put = write(pair.write_end, block, sizeof block)) > 0) {
        room += put;
    }
    guest_check_errno("write to a full non-blocking pipe", put < 0 ? errno : 0, EAGAIN);
    printf("room in a pipe: %ld\n", room);
    guest_check_errno("seek in a pipe", lseek(pair.read_end, 0, SEEK_SET) < 0 ? errno : 0, ESPIPE);
    guest_check_errno("write to the reading end", write(pair.read_end, &byte, 1) < 0 ? errno : 0, EBADF);
    close(pair.read_end);
    signal(SIGPIPE, SIG_IGN);
    guest_check_errno("write without a reader", write(pair.write_end, &byte, 1) < 0 ? errno : 0, EPIPE);
    signal(SIGPIPE, SIG_DFL);
    close(pair.write_end);
    guest_check_errno("close again", close(pair.write_end) ? errno : 0, EBADF);
}

static void duplicates(void) {
    struct pair pair = new_pipe(0);
    int copy = dup(pair.write_end);
    int moved = dup2(pair.write_end, 50);
    close(pair.write_end);
    char text[3] = {0};
    int right = write(copy, "a", 1) == 1 && write(moved, "b", 1) == 1 && read(pair.read_end, text, 2) == 2;
    guest_check("dup and dup2", right && moved == 50 && text[0] == 'a' && text[1] == 'b');
    close(copy);
    close(moved);
    guest_check("end of file after the last copy", read(pair.read_end, text, 1) == 0);
    close(pair.read_end);
    guest_check("F_GETFD of a closed descriptor", fcntl(50, F_GETFD) < 0 && errno == EBADF);
}

void check_pipes(void) {
    ping_pong();
    bulk();
    edges();
    duplicates();
}
