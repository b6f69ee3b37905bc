// SPDX-License-Identifier: Apache-2.0

/// Every test there is, in the order in which they run.
enum Registry {
    static let all: [any ConformanceTest] = [
        LoadOpens(), LoadExports(), LoadSizes(), LoadCost(), LoadBare(), LoadTrust(),
        DescribeTexts(), DescribeOptions(), DescribeActions(), DescribeLimits(), DescribeManifest(),
        DescribeInit(),
        DescribeServices(), DescribeOlderHost(),
        LifeOpenClose(), LifeProcess(), LifeWrongOptions(), LifeCancel(), LifeFlag(), LifeOrder(), LifeTwo(),
        ExportList(), ExportLazy(), ExportPaths(), ExportTwice(), ExportRestart(), ExportBatches(),
        ExportRelease(),
        ExportBlobs(), ExportReadsOnly(),
        LoadFixture(), LoadFind(), LoadForms(), LoadAgain(), LoadKill(), LoadInside(), LoadMemory(),
        RoundTrip(), RoundTripKeys(), RoundTripTwice(),
        FaultHTTP(), FaultDisk(),
        ActionCalls(),
        FuzzBatches(), FuzzCursors(), FuzzTexts(), FuzzSource(),
    ]

    static func test(_ name: String) -> (any ConformanceTest)? {
        name == BriefingStage().name ? BriefingStage() : all.first { $0.name == name }
    }
}
