package sharewalk.mmu.paging;

/// The purpose for which an address is translated. A read-modify-write is one `STORE`.
public enum AccessType {
    LOAD,
    STORE,
    FETCH
}
