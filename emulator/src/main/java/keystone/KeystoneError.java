package keystone;

import org.jspecify.annotations.Nullable;

/// An error code of the assembler.
public enum KeystoneError {
    /// No error.
    Ok(0),
    /// Out of memory.
    Nomem(1),
    /// Architecture not in this build.
    Arch(2),
    /// No open assembler.
    Handle(3),
    /// Mode unknown for the architecture.
    Mode(4),
    /// Version of the bindings unsupported.
    Version(5),
    /// Option unknown.
    OptInvalid(6),
    /// Token unknown in an expression.
    AsmExprToken(128),
    /// Value of a directive out of range.
    AsmDirectiveValueRange(129),
    /// Directive without identifier.
    AsmDirectiveId(130),
    /// Token unexpected in a directive.
    AsmDirectiveToken(131),
    /// Directive without string.
    AsmDirectiveStr(132),
    /// Directive without comma.
    AsmDirectiveComma(133),
    /// Relocation without name.
    AsmDirectiveRelocName(134),
    /// Token unexpected in a relocation.
    AsmDirectiveRelocToken(135),
    /// Floating-point number wrong in a directive.
    AsmDirectiveFpoint(136),
    /// Directive unknown.
    AsmDirectiveUnknown(137),
    /// Equal directive wrong.
    AsmDirectiveEqu(138),
    /// Directive wrong.
    AsmDirectiveInvalid(139),
    /// Variant of a symbol wrong.
    AsmVariantInvalid(140),
    /// Brackets unsupported in an expression.
    AsmExprBracket(141),
    /// Modifier after `@` unknown.
    AsmSymbolModifier(142),
    /// Symbol defined twice.
    AsmSymbolRedefined(143),
    /// Symbol not defined.
    AsmSymbolMissing(144),
    /// Closing parenthesis missing.
    AsmRparen(145),
    /// Token unexpected at the start of a statement.
    AsmStatToken(146),
    /// Token not supported yet.
    AsmUnsupported(147),
    /// Token unexpected in the use of a macro.
    AsmMacroToken(148),
    /// Parentheses of a macro argument unbalanced.
    AsmMacroParen(149),
    /// Parameter of a macro without `=`.
    AsmMacroEqu(150),
    /// More arguments than the macro has.
    AsmMacroArgs(151),
    /// Macros nested too deeply.
    AsmMacroLevelsExceed(152),
    /// String of a macro wrong.
    AsmMacroStr(153),
    /// Macro wrong.
    AsmMacroInvalid(154),
    /// String ends in a backslash.
    AsmEscBackslash(155),
    /// Octal escape out of range.
    AsmEscOctal(156),
    /// Escape unknown.
    AsmEscSequence(157),
    /// String with a broken escape.
    AsmEscStr(158),
    /// Token wrong.
    AsmTokenInvalid(159),
    /// Instruction unsupported in this mode.
    AsmInsnUnsupported(160),
    /// Fixup wrong.
    AsmFixupInvalid(161),
    /// Label wrong.
    AsmLabelInvalid(162),
    /// Fragment wrong.
    AsmFragmentInvalid(163),
    /// Operand wrong for the instruction.
    AsmInvalidOperand(512),
    /// Instruction of a processor feature that is off.
    AsmMissingFeature(513),
    /// Mnemonic unknown.
    AsmMnemonicFail(514);

    private final int value;

    KeystoneError(int value) {
        this.value = value;
    }

    /// Returns the constant of a number, null where there is none; of several with one number, the last.
    public static @Nullable KeystoneError fromValue(Integer value) {
        KeystoneError found = null;
        for (KeystoneError constant : values()) {
            if (constant.value == value) {
                found = constant;
            }
        }
        return found;
    }

    /// Returns the number the assembler knows it by.
    public int value() {
        return value;
    }

    /// Returns what the assembler says about it, in one short phrase; the constant's name where there is no assembler.
    public String text() {
        KeystoneLibrary library = KeystoneLibraries.loaded();
        return library == null ? name() : library.errorText(value);
    }
}
