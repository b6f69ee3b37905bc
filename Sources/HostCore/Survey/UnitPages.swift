// SPDX-License-Identifier: Apache-2.0

package import HostABI
package import HostRecords

/// The units of a source, a page at a time, and what the source could not list.
package enum UnitPages {
    package enum Page {
        case units([UnitRecord])
        /// Of kind `dropped`: there, and not listed. All others: listed nevertheless.
        case losses([LossReport])
    }

    /// Runs `body` on each page until it answers false.
    package static func forEach(
        _ exporter: any ExporterInstance, _ selection: Selection, _ body: (Page) throws(HostError) -> Bool
    ) throws(HostError) {
        let reader = try exporter.list(projects: selection.projects)
        let told = ToldLosses()
        exporter.context.onLoss = { told.losses.append($0) }
        defer { exporter.context.onLoss = nil }
        while let (batch, _) = try reader.next() {
            let page: Page
            switch batch.table {
            case .units:
                page = .units(
                    UnitRecord.records(batch).filter {
                        selection.takes(project: $0.key.project, id: $0.key.id, name: $0.name)
                    })
            case .losses: page = .losses(UnitReader.reports(batch))
            default: continue
            }
            guard try body(page) else { return }
        }
        let rest = told.take()
        if !rest.isEmpty { _ = try body(.losses(rest)) }
    }
}

extension HostError {
    /// For a unit that is there and that the source could not list.
    package init(unlisted loss: LossReport) {
        self.init(.invalidData, loss.note, subject: loss.path, retry: .never)
    }
}
