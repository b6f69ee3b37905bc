// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

@Suite struct EndpointParsingTests {
    @Test(
        arguments: [
            ("parquet", "parquet", "", []), ("parquet:", "parquet", "", []),
            ("parquet:./exports/data", "parquet", "./exports/data", []),
            ("neptune3:org/project", "neptune3", "org/project", []),
            ("a-b2:x", "a-b2", "x", []),
            ("mlflow:http://127.0.0.1:5000", "mlflow", "http://127.0.0.1:5000", []),
            ("mlflow+https://tracking.example/path", "mlflow", "https://tracking.example/path", []),
            ("p:x?a=1&b=two", "p", "x", ["a=1", "b=two"]), ("p?a=1", "p", "", ["a=1"]),
            ("p:x?a=b=c&d=", "p", "x", ["a=b=c", "d="]), ("p:x?a=%20%26%C3%A9", "p", "x", ["a= &é"]),
            ("p:x?a=100%", "p", "x", ["a=100%"]), ("p:what?", "p", "what", []),
            // A question mark that no option follows belongs to the location; the last one counts.
            ("p:what?/now", "p", "what?/now", []), ("p:http://h/?x=1?y=2", "p", "http://h/?x=1", ["y=2"]),
            ("p:日本/é 🙂", "p", "日本/é 🙂", []),
        ] as [(String, String, String, [String])])
    func wellFormed(text: String, plugin: String, location: String, options: [String]) throws {
        let endpoint = try Endpoint(parsing: text)
        #expect(endpoint.plugin == plugin && endpoint.location == location)
        #expect(endpoint.options.map { "\($0.name)=\($0.value)" } == options)
        #expect(try endpoint == Endpoint(parsing: text))
    }

    @Test(arguments: [
        "", ":x", "/x", "Parquet:x", "MLflow", "é:x", "p/x", "p x", "p_q:x", "p:x?a=1&b", "p:x?=1&a=2",
    ])
    func malformed(text: String) {
        let error = hostError { _ = try Endpoint(parsing: text) }
        #expect(error?.status == .invalidOption && error?.remedy.contains("plugin[:location]") == true)
    }

    @Test func errorDoesNotRepeatValuesOfOptions() {
        for text in ["p:x?token=hunter22&b", "p:x?=hunter22&a=b", "p:x?token=hunter22&=y"] {
            let error = hostError { _ = try Endpoint(parsing: text) }
            #expect(error?.subject == "p:x" && error.map { !"\($0)".contains("hunter22") } == true)
        }
    }
}
