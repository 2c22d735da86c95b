package sharewalk.kernel.fs;

/// A path as a call gives it: its text, where it starts if relative, and for whom it is walked.
public record PathName(FsContext context, Location base, String text) {
    /// Returns a path that starts at the working directory if relative.
    public static PathName of(FsContext context, String text) {
        return new PathName(context, context.workingDirectory(), text);
    }

    /// Tells whether it starts at the root.
    public boolean isAbsolute() {
        return text.startsWith("/");
    }
}
