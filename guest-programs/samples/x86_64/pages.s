# Adds 1 to a word in each of 1,000 fresh pages, twice, and exits with the low byte of the sum of all (2000 % 256).
_start:
    mov rax, 9                  # mmap of 1,000 pages
    xor rdi, rdi
    mov rsi, 4096000
    mov rdx, 3                  # PROT_READ | PROT_WRITE
    mov r10, 0x22               # MAP_PRIVATE | MAP_ANONYMOUS
    mov r8, -1
    xor r9, r9
    syscall
    mov rbx, rax
    mov r12, 2
again:
    mov rdi, rbx
    mov rcx, 1000
touch:
    inc dword ptr [rdi]
    add rdi, 4096
    dec rcx
    jnz touch
    dec r12
    jnz again
    mov rsi, rbx
    mov rcx, 1000
    xor rdi, rdi
sum:
    mov eax, dword ptr [rsi]
    add rdi, rax
    add rsi, 4096
    dec rcx
    jnz sum
    and rdi, 255
    mov rax, 60                 # exit
    syscall
