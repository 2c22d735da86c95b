package unicorn;

/// Instructions of x86: the bounds, and the instructions by inheritance.
public interface X86InstructionConst
        extends X86InstructionAToEConst,
                X86InstructionFToOConst,
                X86InstructionPConst,
                X86InstructionQToUConst,
                X86InstructionVAToVLConst,
                X86InstructionVMToVPConst,
                X86InstructionVQToVZConst,
                X86InstructionWToZConst {
    int UC_X86_INS_INVALID = 0;
    int UC_X86_INS_ENDING = 1338;
}
