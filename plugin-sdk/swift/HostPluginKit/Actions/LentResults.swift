// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Text results of the last action on each thread: lent until the next one.
enum LentResults {
    /// The key is made once; each thread's arena goes with the thread.
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key) { arena in
            if let arena { Unmanaged<TextArena>.fromOpaque(arena).release() }
        }
        return key
    }()

    /// Makes what this thread lent before invalid.
    static func start() {
        guard let last = pthread_getspecific(key) else { return }
        pthread_setspecific(key, nil)
        Unmanaged<TextArena>.fromOpaque(last).release()
    }

    static func arena() -> TextArena {
        if let known = pthread_getspecific(key) {
            return Unmanaged<TextArena>.fromOpaque(known).takeUnretainedValue()
        }
        let arena = TextArena()
        pthread_setspecific(key, Unmanaged.passRetained(arena).toOpaque())
        return arena
    }
}
