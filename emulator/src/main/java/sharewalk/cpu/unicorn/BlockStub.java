package sharewalk.cpu.unicorn;

import java.util.HexFormat;

/// The block hook in x86-64 machine code: finds the block in a [BlockTable], counts it, and calls Java only for what it
/// does not know.
///
/// Called by the engine with `rdi` the engine, `rsi` the block's address, `edx` its size, `rcx` a [BlockState]. It goes
/// on in the upcall of the state for an unknown block or a code page that is not quiet in the modelled L1I, and in
/// `uc_emu_stop` when the slice is used up, before anything of the block is counted.
final class BlockStub {
    /// The source, in the syntax of GNU as with `.intel_syntax noprefix`.
    static final String SOURCE = """
            mov rax, [rcx]
            cmp rax, [rcx + 8]
            jae stop
            mov rax, rsi
            shr rax, 1
            and rax, [rcx + 24]
            shl rax, 5
            add rax, [rcx + 16]
            cmp [rax], rsi
            jne miss
            cmp [rax + 8], edx
            jne miss
            mov r8, rsi
            shr r8, 12
            mov r9d, r8d
            and r9d, 63
            shl r9d, 4
            add r9, [rcx + 32]
            cmp [r9], r8
            jne miss
            mov edx, edx
            lea r10, [rsi + rdx - 1]
            shr r10, 12
            cmp r10, r8
            jne cross
            count:
            mov r11d, [rax + 12]
            cmp rsi, [rcx + 64]
            je again
            add [rcx], r11
            add [r9 + 8], r11
            mov r10, [rax + 16]
            mov [rcx + 64], r10
            mov [rcx + 56], rax
            ret
            again:
            dec r11
            inc qword ptr [rcx + 72]
            add [rcx], r11
            add [r9 + 8], r11
            mov r10, [rax + 16]
            mov [rcx + 64], r10
            mov [rcx + 56], rax
            ret
            cross:
            mov r11d, r10d
            and r11d, 63
            shl r11d, 4
            add r11, [rcx + 32]
            cmp [r11], r10
            je count
            miss:
            jmp [rcx + 40]
            stop:
            jmp [rcx + 48]
            """;

    private static final String CODE = "488b01483b41080f83970000004889f048d1e84823411848c1e00548034110483930757d"
            + "39500875784989f049c1e80c4589c14183e13f41c1e1044c0349204d3901755d89d24c8d5416ff49c1ea0c4d39c27539"
            + "448b580c483b714074144c01194d0159084c8b50104c89514048894138c349ffcb48ff41484c01194d0159084c8b5010"
            + "4c89514048894138c34589d34183e33f41c1e3044c0359204d391374b3ff6128ff6130";

    private BlockStub() {}

    /// Returns whether this host can run it.
    static boolean fitsHost() {
        String arch = System.getProperty("os.arch", "");
        return arch.equals("amd64") || arch.equals("x86_64");
    }

    /// Returns the machine code [#SOURCE] assembles to.
    static byte[] code() {
        return HexFormat.of().parseHex(CODE);
    }
}
