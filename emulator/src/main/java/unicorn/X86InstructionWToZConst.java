package unicorn;

/// Instructions of x86 beginning with W to Z, with the values of `x86.h` 2.1.4.
public interface X86InstructionWToZConst {
    int UC_X86_INS_XORPD = 207;
    int UC_X86_INS_XORPS = 208;
    int UC_X86_INS_XOR = 338;
    int UC_X86_INS_XADD = 351;
    int UC_X86_INS_WAIT = 1301;
    int UC_X86_INS_WBINVD = 1302;
    int UC_X86_INS_WRFSBASE = 1303;
    int UC_X86_INS_WRGSBASE = 1304;
    int UC_X86_INS_WRMSR = 1305;
    int UC_X86_INS_XABORT = 1306;
    int UC_X86_INS_XACQUIRE = 1307;
    int UC_X86_INS_XBEGIN = 1308;
    int UC_X86_INS_XCHG = 1309;
    int UC_X86_INS_XCRYPTCBC = 1310;
    int UC_X86_INS_XCRYPTCFB = 1311;
    int UC_X86_INS_XCRYPTCTR = 1312;
    int UC_X86_INS_XCRYPTECB = 1313;
    int UC_X86_INS_XCRYPTOFB = 1314;
    int UC_X86_INS_XEND = 1315;
    int UC_X86_INS_XGETBV = 1316;
    int UC_X86_INS_XLATB = 1317;
    int UC_X86_INS_XRELEASE = 1318;
    int UC_X86_INS_XRSTOR = 1319;
    int UC_X86_INS_XRSTOR64 = 1320;
    int UC_X86_INS_XRSTORS = 1321;
    int UC_X86_INS_XRSTORS64 = 1322;
    int UC_X86_INS_XSAVE = 1323;
    int UC_X86_INS_XSAVE64 = 1324;
    int UC_X86_INS_XSAVEC = 1325;
    int UC_X86_INS_XSAVEC64 = 1326;
    int UC_X86_INS_XSAVEOPT = 1327;
    int UC_X86_INS_XSAVEOPT64 = 1328;
    int UC_X86_INS_XSAVES = 1329;
    int UC_X86_INS_XSAVES64 = 1330;
    int UC_X86_INS_XSETBV = 1331;
    int UC_X86_INS_XSHA1 = 1332;
    int UC_X86_INS_XSHA256 = 1333;
    int UC_X86_INS_XSTORE = 1334;
    int UC_X86_INS_XTEST = 1335;
}
