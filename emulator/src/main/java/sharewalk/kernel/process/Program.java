package sharewalk.kernel.process;

import java.util.List;
import sharewalk.elf.SymbolTable;

/// What a process runs: the file and the arguments of its last exec.
///
/// @param bias what is added to the file's addresses
/// @param trampoline the address of the code that signal handlers return to, or 0
public record Program(String path, List<String> arguments, SymbolTable symbols, long bias, long trampoline) {
    /// Nothing yet.
    static final Program NONE = new Program("", List.of(), SymbolTable.EMPTY, 0, 0);

    /// Returns the last part of the path, as thread names show it.
    public String shortName() {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.length() > 15 ? name.substring(0, 15) : name;
    }
}
