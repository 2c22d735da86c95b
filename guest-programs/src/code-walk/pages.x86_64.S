/* The pages of code for x86-64. The loop's lea and the straddling lea lie across the page's end. */
#include "code-walk.h"

    .intel_syntax noprefix
    .text
    .balign 4096
    .globl code_pages
    .type code_pages, @function
code_pages:
    .set page, 0
    .rept CODE_PAGES
    .org code_pages + page * 4096 + MIDDLE_OFFSET
    lea rax, [rdi + rdi*2 + page + 1]
    ret

    .org code_pages + page * 4096 + CHAIN_OFFSET
    lea rdi, [rdi + rdi*2 + page + 7]
    jmp code_pages + (page + 1) * 4096 + CHAIN_OFFSET

    .if page % 2
    .org code_pages + page * 4096 + LOOP_OFFSET
    mov rax, rdi
1:  add rax, rsi
    lea rax, [rax + rax*4 + page + 1001]
    dec rsi
    jnz 1b
    ret
    .else
    .org code_pages + page * 4096 + STRADDLE_OFFSET
    lea rax, [rdi + page + 1000]
    ret
    .endif
    .set page, page + 1
    .endr

    .org code_pages + CODE_PAGES * 4096 + CHAIN_OFFSET
    mov rax, rdi
    ret
    .size code_pages, . - code_pages

    .section .note.GNU-stack, "", @progbits
