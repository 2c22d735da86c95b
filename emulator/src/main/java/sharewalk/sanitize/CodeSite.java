package sharewalk.sanitize;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A place in the emulated kernel, as the innermost calls outside the parts that every change goes through.
final class CodeSite {
    private static final int CALLS = 3;

    /// Changes of tables are made in these on behalf of others.
    private static final List<String> MECHANISM =
            List.of("sharewalk.mmu.", "sharewalk.sanitize.", "sharewalk.kernel.mm.Shootdown");

    private static final StackWalker WALKER = StackWalker.getInstance(Set.of());

    private CodeSite() {}

    /// Returns the place that has called, at one remove, into the tables or the shootdown.
    static String current() {
        return WALKER.walk(frames -> frames.filter(CodeSite::isCaller)
                .limit(CALLS)
                .map(CodeSite::text)
                .collect(Collectors.joining(" < ")));
    }

    private static boolean isCaller(StackWalker.StackFrame frame) {
        return frame.getClassName().startsWith("sharewalk.")
                && MECHANISM.stream().noneMatch(frame.getClassName()::startsWith);
    }

    private static String text(StackWalker.StackFrame frame) {
        String type = frame.getClassName();
        return "%s.%s:%d"
                .formatted(type.substring(type.lastIndexOf('.') + 1), frame.getMethodName(), frame.getLineNumber());
    }
}
