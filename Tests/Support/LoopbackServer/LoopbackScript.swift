// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Replies that are used up one by one.
final class LoopbackScript: Sendable {
    private let replies: Mutex<ArraySlice<LoopbackReply>>

    init(_ replies: [LoopbackReply]) { self.replies = Mutex(replies[...]) }

    func next() -> LoopbackReply { replies.withLock { $0.popFirst() } ?? .answer(200) }
}
