package sharewalk.experiment;

import org.jspecify.annotations.Nullable;
import sharewalk.elf.SymbolTable;

/// What an observer can ask of the program a hart runs.
public interface GuestView {
    /// Returns the process that a hart runs, 0 for none.
    int pid(int hart);

    /// Returns the name of the code at an address, or null where there is none.
    SymbolTable.@Nullable Position symbolAt(int hart, long virtAddr);
}
