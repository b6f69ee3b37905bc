// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// `ProtoLeaderboardEntriesSearchResultDTO`: one page of a listing of runs.
struct RunPage {
    /// Of the whole listing.
    var matching: Int64 = 0
    var runs: [[Attribute]] = []

    init(_ bytes: [UInt8]) throws(HostError) {
        var message = WireReader(bytes)
        while let (number, value) = try message.next() {
            switch number {
            case 1: matching = try message.int64(value)
            case 3:
                var entry = try message.message(value)
                var attributes: [Attribute] = []
                while let (field, value) = try entry.next() {
                    if field == 7 { attributes.append(try Attribute(try entry.message(value))) }
                }
                runs.append(attributes)
            default: break
            }
        }
    }
}

/// `ProtoQueryAttributesResultDTO`: a page of attributes with their values, of one run here.
struct AttributePage {
    var attributes: [Attribute] = []
    var nextToken: String?

    /// Takes what belongs to the run of the id `KEY-123`.
    init(_ bytes: [UInt8], of run: String) throws(HostError) {
        var message = WireReader(bytes)
        while let (number, value) = try message.next() {
            switch number {
            case 1:
                var entry = try message.message(value)
                var id = ""
                var found: [Attribute] = []
                while let (field, value) = try entry.next() {
                    switch field {
                    case 2: id = try entry.text(value)
                    case 3: found.append(try Attribute(try entry.message(value)))
                    default: break
                    }
                }
                if ExactText(id) == ExactText(run) { attributes += found }
            case 2:
                var page = try message.message(value)
                while let (field, value) = try page.next() {
                    if field == 1 { nextToken = try page.text(value) }
                }
            default: break
            }
        }
    }
}
