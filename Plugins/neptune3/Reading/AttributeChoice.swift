// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Which attributes of a run are read.
struct AttributeChoice {
    private let text: String
    let pattern: JoinedPattern?
    private let names: Set<ExactText>?
    private let classes: Set<AttributeClass>

    init(_ options: Options) throws(HostError) {
        text = options.text("attributes") ?? ""
        pattern = text.isEmpty ? nil : JoinedPattern(text)
        let file = options.text("attribute-names-file")
        if let file {
            names = Set(
                try OptionList.lines(ofFile: file, option: "attribute-names-file").map { ExactText($0) })
        } else {
            names = nil
        }
        if names != nil, pattern != nil {
            throw HostError(
                .invalidOption, "Attributes are chosen by names or by a pattern, not by both.",
                subject: "attributes",
                remedy: "Leave out 'attributes' or 'attribute-names-file'.")
        }
        let included = try Self.classes(options, "classes")
        let excluded = try Self.classes(options, "exclude-classes")
        guard included.isEmpty || excluded.isEmpty else {
            throw HostError(
                .invalidOption, "Classes are either chosen or excluded.", subject: "exclude-classes",
                remedy: "Leave out 'classes' or 'exclude-classes'.")
        }
        classes = (included.isEmpty ? Set(AttributeClass.allCases) : included).subtracting(excluded)
    }

    private static func classes(_ options: Options, _ name: String) throws(HostError) -> Set<AttributeClass> {
        var result: Set<AttributeClass> = []
        for word in OptionList.values(options.text(name)) {
            guard let one = AttributeClass(rawValue: word.lowercased()) else {
                throw HostError(
                    .invalidOption, "There is no class of attributes of this name.",
                    subject: "\(name) \(word.shown)",
                    remedy:
                        "The classes are \(AttributeClass.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            result.insert(one)
        }
        return result
    }

    /// nil: all types, also those that this program does not know.
    var types: [AttributeType]? {
        classes.count == AttributeClass.allCases.count
            ? nil : AttributeType.allCases.filter { classes.contains($0.attributeClass) }
    }

    func takes(_ name: String) -> Bool { names?.contains(ExactText(name)) ?? true }

    /// Empty when all is taken.
    var mark: String {
        var parts: [String] = []
        if types != nil { parts.append(classes.map(\.rawValue).sorted().joined(separator: ",")) }
        if !text.isEmpty { parts.append(text) }
        if let names { parts.append(names.sorted().map(\.text).joined(separator: "\n")) }
        return parts.joined(separator: "\n\n")
    }
}
