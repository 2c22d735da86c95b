import module java.base;

/// Prints the version of the libunicorn at the path given.
void main(String[] args) throws Throwable {
    var library = SymbolLookup.libraryLookup(Path.of(args[0]), Arena.global());
    var uc_version = Linker.nativeLinker()
            .downcallHandle(
                    library.findOrThrow("uc_version"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    int version = (int) uc_version.invokeExact(MemorySegment.NULL, MemorySegment.NULL);
    IO.println("%d.%d.%d".formatted(version >>> 24, version >>> 16 & 0xff, version >>> 8 & 0xff));
}
