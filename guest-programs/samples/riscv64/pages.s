# Adds 1 to a word in each of 1,000 fresh pages, twice, and exits with the low byte of the sum of all (2000 % 256).
    .globl _start
_start:
    li a7, 222                  # mmap of 1,000 pages
    li a0, 0
    li a1, 4096000
    li a2, 3                    # PROT_READ | PROT_WRITE
    li a3, 0x22                 # MAP_PRIVATE | MAP_ANONYMOUS
    li a4, -1
    li a5, 0
    ecall
    mv s0, a0
    li s1, 2
    li t2, 4096
    li t3, 1
again:
    mv t0, s0
    li t1, 1000
touch:
    amoadd.w zero, t3, (t0)
    add t0, t0, t2
    addi t1, t1, -1
    bnez t1, touch
    addi s1, s1, -1
    bnez s1, again
    mv t0, s0
    li t1, 1000
    li a0, 0
sum:
    lw t4, 0(t0)
    add a0, a0, t4
    add t0, t0, t2
    addi t1, t1, -1
    bnez t1, sum
    andi a0, a0, 255
    li a7, 93                   # exit
    ecall
