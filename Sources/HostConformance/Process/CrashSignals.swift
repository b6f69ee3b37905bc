// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Tells the parent why the process dies, before it does.
///
/// Thread rule: installed once, before the library is opened. The handler calls only what POSIX allows it to.
enum CrashSignals {
    static let numbers = [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP]

    static func install() {
        RevokedPages.prepare()
        var action = sigaction()
        action.__sigaction_handler.sa_sigaction = { number, info, _ in
            var purpose: Int32 = 0
            if number == SIGSEGV || number == SIGBUS, let info {
                let address = UInt(bitPattern: info.pointee._sifields._sigfault.si_addr)
                purpose = RevokedPages.purpose(of: address)
            }
            // "S\tNN P\n" in bytes: nothing may be allocated here.
            var line: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8) = (
                83, 9, UInt8(48 + number / 10), UInt8(48 + number % 10), 32, UInt8(48 + purpose), 10
            )
            _ = withUnsafeBytes(of: &line) { write(ChildProcess.eventDescriptor, $0.baseAddress, 7) }
            signal(number, SIG_DFL)
            raise(number)
        }
        action.sa_flags = SA_SIGINFO | Int32(bitPattern: UInt32(SA_RESETHAND))
        for number in numbers { sigaction(number, &action, nil) }
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }

    static func name(_ number: Int32) -> String {
        switch number {
        case SIGSEGV: "SIGSEGV"
        case SIGBUS: "SIGBUS"
        case SIGILL: "SIGILL"
        case SIGFPE: "SIGFPE"
        case SIGABRT: "SIGABRT"
        case SIGTRAP: "SIGTRAP"
        case SIGKILL: "SIGKILL"
        case SIGXFSZ: "SIGXFSZ"
        default: "signal \(number)"
        }
    }
}
