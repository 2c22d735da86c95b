package sharewalk.kernel.process;

/// What makes two futex words the same: a word of one address space, of one file, or of physical memory.
///
/// @param owner an object that stands for itself alone
/// @param offset where the word lies in it
public record FutexKey(Object owner, long offset) {
    @Override
    @SuppressWarnings("ReferenceEquality") // an owner is itself alone
    public boolean equals(Object other) {
        return other instanceof FutexKey(Object otherOwner, long otherOffset)
                && owner == otherOwner
                && offset == otherOffset;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(owner) * 31 + Long.hashCode(offset);
    }
}
