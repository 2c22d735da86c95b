package sharewalk.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The options of machine and guest as words, and back: a saved comparison has them under their names.
final class SpecOptions {
    /// The one that is saved elsewhere.
    private static final String MACHINE = "machine";
    private static final String YES = "yes";
    private static final String NO = "no";

    /// A command with nothing but these options.
    @Command
    private static final class Holder {
        @Mixin
        private final MachineOptions machine = new MachineOptions();

        @Mixin
        private final GuestOptions guest = new GuestOptions();
    }

    /// What options mean.
    record Meaning(MachineOptions machine, GuestOptions guest) {}

    private SpecOptions() {}

    /// Returns the names that options can have.
    static List<String> names() {
        return CommandSpec.forAnnotatedObject(new Holder()).options().stream()
                .map(SpecOptions::name)
                .filter(name -> !name.equals(MACHINE))
                .toList();
    }

    /// Returns the options as they are where nobody says anything: the numbers, which another version might change.
    static SequencedMap<String, List<String>> defaults() {
        SequencedMap<String, List<String>> words = new LinkedHashMap<>();
        for (OptionSpec option : CommandSpec.forAnnotatedObject(new Holder()).options()) {
            if (option.getValue() instanceof Number number) {
                words.put(name(option), List.of(number.toString()));
            }
        }
        return words;
    }

    /// Returns those of these options that a user has given.
    static SequencedMap<String, List<String>> given(ParseResult parsed) {
        List<String> known = names();
        SequencedMap<String, List<String>> words = new LinkedHashMap<>();
        for (OptionSpec option : parsed.matchedOptions()) {
            if (known.contains(name(option))) {
                words.put(name(option), option.arity().max() == 0 ? flag(option) : option.originalStringValues());
            }
        }
        return words;
    }

    private static List<String> flag(OptionSpec option) {
        return List.of(Boolean.TRUE.equals(option.getValue()) ? YES : NO);
    }

    /// Returns what options mean.
    ///
    /// @throws IllegalArgumentException with a phrase, if they mean nothing
    static Meaning meaning(SequencedMap<String, List<String>> words) {
        Holder holder = new Holder();
        List<String> arguments = new ArrayList<>();
        words.forEach((name, values) -> arguments.addAll(arguments(name, values)));
        try {
            ParseResult ignored =
                    WholeNumbers.readBy(new CommandLine(holder)).parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            String message = String.valueOf(e.getMessage());
            throw new IllegalArgumentException(message.lines().collect(Collectors.joining(" ")));
        }
        return new Meaning(holder.machine, holder.guest);
    }

    private static List<String> arguments(String name, List<String> values) {
        if (!isFlag(name)) {
            return values.stream().map(value -> "--" + name + "=" + value).toList();
        }
        if (!List.of(YES).equals(values) && !List.of(NO).equals(values)) {
            throw new IllegalArgumentException("this is neither yes nor no");
        }
        return values.contains(YES) ? List.of("--" + name) : List.of();
    }

    private static boolean isFlag(String name) {
        @Nullable
        OptionSpec option = CommandSpec.forAnnotatedObject(new Holder()).findOption("--" + name);
        return option != null && option.arity().max() == 0;
    }

    private static String name(OptionSpec option) {
        return option.longestName().replaceFirst("^--", "");
    }
}
