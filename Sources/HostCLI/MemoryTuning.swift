// SPDX-License-Identifier: Apache-2.0

/// Keeps the C allocator from holding memory back for threads that come and go with each unit.
enum MemoryTuning {
    /// Batches of some megabytes pass between few threads: two arenas serve them, and blocks from half a megabyte
    /// on are given back to the system as soon as they are free.
    static func apply() {
        _ = mallopt(arenaMax, 2)
        _ = mallopt(mmapThreshold, 512 << 10)
    }

    // Of <malloc.h>, which Swift's Glibc module leaves out.
    private static let arenaMax: Int32 = -8
    private static let mmapThreshold: Int32 = -3
}

@_silgen_name("mallopt")
private func mallopt(_ parameter: Int32, _ value: Int32) -> Int32
