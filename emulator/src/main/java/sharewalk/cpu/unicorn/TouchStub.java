package sharewalk.cpu.unicorn;

import java.util.HexFormat;

/// An access whose translation the engine has not cached, in x86-64 machine code: the touch of a page that is in the
/// modelled L1D but was not the last one touched in its set, and the question to Java about any other page.
///
/// It stands where the engine's translated code calls a load or store function of the library, with the same arguments:
/// `rdi` the CPU state, `rsi` the address, then the value to be stored, what kind of access it is (`eax` too), and
/// where the block goes on. `r11` holds a record of [TouchRedirection]. It finds the hart's [ResidentPages] by the CPU
/// state. For a resident page it writes the page into the log, gives it the data rights in the engine's table that it
/// had when it was overtaken, takes those of the page that was the last one touched in the set, and makes the access.
/// For another one it asks [SoftTlb#hostPage], which puts a translation into the table, and makes the access if there
/// is an answer. Whatever it is not sure of goes on in the library's own function before anything is changed: unknown
/// CPU states, other modes, accesses that need alignment or cross a page, reads that may be half of a
/// read-modify-write, pages that the engine's table has displaced, a full log.
final class TouchStub {
    /// The source, in the syntax of GNU as with `.intel_syntax noprefix`.
    static final String SOURCE = """
            imul r10d, edi, 0x9e3779b1
            shr r10d, 20
            shl r10d, 4
            add r10, [r11 + 8]
            cmp [r10], rdi
            jne slow
            mov r10, [r10 + 8]
            xor eax, [r10 + 48]
            xor eax, [r11 + 24]
            and eax, -65
            jne slow
            mov rax, [r11 + 16]
            add rax, rsi
            xor rax, rsi
            cmp rax, 4096
            jae slow
            mov r9, rsi
            and r9, -4096
            mov rax, rsi
            shr rax, 6
            and eax, 0x3fc0
            add rax, [r10 + 16]
            cmp [rax], r9
            jne ask
            cmp [rax + 8], r9
            je touch
            cmp qword ptr [r11 + 40], 0
            jne ask
            mov r8, [r10 + 40]
            mov r8, [r8 + 56]
            test r8, r8
            je slow
            cmp dword ptr [r8 + 24], 0
            jne touch
            slow:
            jmp [r11]
            ask:
            cmp qword ptr [r11 + 40], 0
            jne unasked
            mov rax, [r10 + 40]
            mov rax, [rax + 56]
            test rax, rax
            je slow
            cmp dword ptr [rax + 24], 0
            je slow
            unasked:
            cmp qword ptr [r10 + 64], 0
            je slow
            mov rax, [r10 + 8]
            cmp [rax], r9
            je slow
            cmp [rax + 64], r9
            je slow
            cmp [rax + 128], r9
            je slow
            cmp [rax + 192], r9
            je slow
            cmp [rax + 256], r9
            je slow
            cmp [rax + 320], r9
            je slow
            cmp [rax + 384], r9
            je slow
            cmp [rax + 448], r9
            je slow
            push rdi
            push rsi
            push rdx
            push rcx
            push r8
            push r10
            push r11
            mov rdi, r9
            mov rsi, [r11 + 40]
            call [r10 + 64]
            pop r11
            pop r10
            pop r8
            pop rcx
            pop rdx
            pop rsi
            pop rdi
            test rax, rax
            js slow
            and esi, 4095
            add rsi, rax
            jmp [r11 + 32]
            touch:
            push rcx
            mov rcx, [rax + 40]
            cmp qword ptr [rcx], -2
            je unfit
            mov rcx, [r10 + 32]
            cmp rcx, [r10 + 56]
            je unfit
            mov [rcx], r9
            add rcx, 8
            mov [r10 + 32], rcx
            pop rcx
            mov rdi, r9
            shr rdi, 6
            mov r8, [r10]
            and rdi, [r8]
            add rdi, [r8 + 8]
            mov r8, [r10 + 8]
            mov rcx, [rdi]
            and rcx, [rdi + 16]
            inc rcx
            jne occupied
            inc qword ptr [r8 - 16]
            jmp install
            unfit:
            pop rcx
            jmp [r11]
            occupied:
            cmp [rdi], r9
            je install
            cmp [rdi + 16], r9
            je install
            mov rcx, [r8 - 8]
            inc qword ptr [r8 - 8]
            and ecx, 7
            shl ecx, 6
            add r8, rcx
            mov rcx, [rdi + 24]
            mov [r8 + 24], rcx
            mov rcx, [rdi + 32]
            mov [r8 + 32], rcx
            mov rcx, [rdi + 16]
            mov [r8 + 16], rcx
            mov rcx, [rdi]
            mov [r8], rcx
            mov [r8 + 8], rcx
            xor rcx, [rdi + 8]
            cmp rcx, 4096
            jb install
            mov qword ptr [r8 + 8], -1
            install:
            mov [rdi], r9
            mov rcx, [rax + 8]
            mov [rdi + 8], rcx
            mov qword ptr [rdi + 16], -1
            mov rcx, [rax + 24]
            mov [rdi + 24], rcx
            mov rcx, [rax + 32]
            mov [rdi + 32], rcx
            add rsi, rcx
            mov r8, [rax + 40]
            mov qword ptr [rax], -1
            mov qword ptr [rax + 8], -1
            mov rcx, [r8]
            mov [r8], r9
            cmp rcx, r9
            je done
            cmp rcx, -1
            je done
            mov rax, r8
            mov rdi, rcx
            shr rdi, 6
            mov r8, [r10]
            and rdi, [r8]
            add rdi, [r8 + 8]
            mov r8, [r10 + 8]
            cmp [rdi], rcx
            jne search
            dec qword ptr [r8 - 16]
            jmp demote
            search:
            mov rdi, r8
            add r8, 512
            again:
            cmp [rdi], rcx
            je demote
            add rdi, 64
            cmp rdi, r8
            jne again
            jmp done
            demote:
            mov r8, rcx
            shr r8, 6
            and r8d, 0x3fc0
            add r8, [r10 + 16]
            mov [r8], rcx
            mov [r8 + 40], rax
            mov rax, [rdi + 24]
            mov [r8 + 24], rax
            mov rax, [rdi + 32]
            mov [r8 + 32], rax
            mov rax, [rdi + 8]
            mov [r8 + 8], rcx
            xor rax, rcx
            cmp rax, 4096
            jb drop
            mov qword ptr [r8 + 8], -1
            drop:
            or rax, -1
            mov [rdi], rax
            mov [rdi + 8], rax
            mov [rdi + 16], rax
            done:
            jmp [r11 + 32]
            """;

    private static final String CODE =
            "4469d7b179379e41c1ea1441c1e2044d03530849393a756b4d8b5208413342304133431883e0bf755a498b43104801f04831"
                    + "f0483d0010000073484989f14981e100f0ffff4889f048c1e80625c03f0000490342104c3908752c4c3948080f84bd000000"
                    + "49837b2800751b4d8b42284d8b40384d85c0740b41837818000f859e00000041ff2349837b28007513498b4228488b403848"
                    + "85c074e98378180074e349837a400074dc498b42084c390874d34c39484074cd4c39888000000074c44c3988c000000074bb"
                    + "4c39880001000074b24c39884001000074a94c39888001000074a04c3988c00100007497575652514150415241534c89cf49"
                    + "8b732841ff5240415b415a4158595a5e5f4885c00f886fffffff81e6ff0f00004801c641ff632051488b4828488339fe743d"
                    + "498b4a20493b4a3874334c89094883c10849894a20594c89cf48c1ef064d8b02492338490378084d8b4208488b0f48234f10"
                    + "48ffc1750a49ff40f0eb575941ff234c390f744e4c394f107448498b48f849ff40f883e107c1e1064901c8488b4f18498948"
                    + "18488b4f2049894820488b4f1049894810488b0f4989084989480848334f084881f900100000720849c74008ffffffff4c89"
                    + "0f488b480848894f0848c74710ffffffff488b481848894f18488b482048894f204801ce4c8b402848c700ffffffff48c740"
                    + "08ffffffff498b084d89084c39c90f849a0000004883f9ff0f84900000004c89c04889cf48c1ef064d8b0249233849037808"
                    + "4d8b420848390f750649ff48f0eb1a4c89c74981c00002000048390f740b4883c7404c39c775f2eb534989c849c1e8064181"
                    + "e0c03f00004d03421049890849894028488b471849894018488b472049894020488b4708498948084831c8483d0010000072"
                    + "0849c74008ffffffff4883c8ff488907488947084889471041ff6320";

    private TouchStub() {}

    /// Returns the machine code [#SOURCE] assembles to.
    static byte[] code() {
        return HexFormat.of().parseHex(CODE);
    }
}
