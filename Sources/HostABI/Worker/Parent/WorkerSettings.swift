// SPDX-License-Identifier: Apache-2.0

/// What a worker process may cost before it is stopped.
package struct WorkerSettings: Sendable {
    /// The program that knows `__worker`; this very one unless a test says otherwise.
    package var executable = "/proc/self/exe"
    /// Seconds without a sign of life in one call. Requests to a server count as signs.
    package var callTimeout = 300.0
    /// Bytes of resident memory.
    package var memoryLimit: Int64 = 1 << 30

    package init() {}
}
