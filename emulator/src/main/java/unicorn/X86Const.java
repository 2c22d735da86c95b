package unicorn;

/// Constants of x86 guests: the CPU models, and the registers and instructions by inheritance.
public interface X86Const extends X86RegisterConst, X86InstructionConst {
    int UC_CPU_X86_QEMU64 = 0;
    int UC_CPU_X86_PHENOM = 1;
    int UC_CPU_X86_CORE2DUO = 2;
    int UC_CPU_X86_KVM64 = 3;
    int UC_CPU_X86_QEMU32 = 4;
    int UC_CPU_X86_KVM32 = 5;
    int UC_CPU_X86_COREDUO = 6;
    int UC_CPU_X86_486 = 7;
    int UC_CPU_X86_PENTIUM = 8;
    int UC_CPU_X86_PENTIUM2 = 9;
    int UC_CPU_X86_PENTIUM3 = 10;
    int UC_CPU_X86_ATHLON = 11;
    int UC_CPU_X86_N270 = 12;
    int UC_CPU_X86_CONROE = 13;
    int UC_CPU_X86_PENRYN = 14;
    int UC_CPU_X86_NEHALEM = 15;
    int UC_CPU_X86_WESTMERE = 16;
    int UC_CPU_X86_SANDYBRIDGE = 17;
    int UC_CPU_X86_IVYBRIDGE = 18;
    int UC_CPU_X86_HASWELL = 19;
    int UC_CPU_X86_BROADWELL = 20;
    int UC_CPU_X86_SKYLAKE_CLIENT = 21;
    int UC_CPU_X86_SKYLAKE_SERVER = 22;
    int UC_CPU_X86_CASCADELAKE_SERVER = 23;
    int UC_CPU_X86_COOPERLAKE = 24;
    int UC_CPU_X86_ICELAKE_CLIENT = 25;
    int UC_CPU_X86_ICELAKE_SERVER = 26;
    int UC_CPU_X86_DENVERTON = 27;
    int UC_CPU_X86_SNOWRIDGE = 28;
    int UC_CPU_X86_KNIGHTSMILL = 29;
    int UC_CPU_X86_OPTERON_G1 = 30;
    int UC_CPU_X86_OPTERON_G2 = 31;
    int UC_CPU_X86_OPTERON_G3 = 32;
    int UC_CPU_X86_OPTERON_G4 = 33;
    int UC_CPU_X86_OPTERON_G5 = 34;
    int UC_CPU_X86_EPYC = 35;
    int UC_CPU_X86_DHYANA = 36;
    int UC_CPU_X86_EPYC_ROME = 37;
    int UC_CPU_X86_ENDING = 38;
}
