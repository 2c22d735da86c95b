package sharewalk.cpu;

/// The identity of a set of executable mappings: address spaces whose executable mappings have the same content at the
/// same addresses share one.
///
/// What a hart remembers about decoded blocks is kept by this identity. An address space takes a fresh one as soon as
/// its executable content may differ from that of the others.
public final class CodeImage {
    /// Creates an identity equal to no other.
    public CodeImage() {}
}
