// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostHTTP
import HostRecords
import LoopbackServer
import Testing

@Suite struct RedactorTests {
    private let secret = "s3cr/t+ke\"y=ü"

    @Test func takesOutEverySpelling() throws {
        let redactor = Redactor()
        redactor.protect(secret)
        let percent = try #require(secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        for text in [
            secret, percent, percent.lowercased(), Data(secret.utf8).base64EncodedString(),
            "s3cr/t+ke\\\"y=ü",
        ] {
            #expect(redactor.clean("a \(text) b").hasPrefix("a ***"))
            #expect(!redactor.clean("a \(text) b").contains("s3cr"))
        }
    }

    @Test(arguments: ["", "u", "us", "use", "user:"])
    func takesItOutOfLongerBase64(before: String) {
        let redactor = Redactor()
        redactor.protect(secret)
        let whole = Data((before + secret + " and more").utf8).base64EncodedString()
        let cleaned = redactor.clean("Basic \(whole)")
        #expect(cleaned.contains("***"))
        // What is left decides fewer than two of the secret's bytes.
        let left = cleaned.replacingOccurrences(of: "***", with: "")
        #expect(left.count < "Basic \(whole)".count - 4 * secret.utf8.count / 3 + 4)
    }

    @Test func leavesShortWordsAndOtherTextAlone() {
        let redactor = Redactor()
        redactor.protect("admin")
        redactor.protect("")
        #expect(redactor.clean("the admin came") == "the admin came")
        redactor.protect("secret")
        redactor.protect("secret-longer")
        #expect(redactor.clean("secret-longer, secret and secretsecret") == "***, *** and ******")
    }

    @Test func keepsSecretsOutOfErrors() throws {
        let server = try LoopbackServer { _ in .text(503, "your token s3cret-token is tired") }
        let redactor = Redactor()
        redactor.protect("s3cret-token")
        let service = try HTTPService(
            quickSettings {
                $0.redactor = redactor
                $0.retry.maxAttempts = 1
            })
        let error = failure { () throws(HostError) in
            try service.makeQueue().send(HTTPRequest("GET", "\(server.url)/a?key=s3cret-token&b=1"))
        }
        #expect(error?.subject.hasSuffix("/a?key=***&b=1") == true)
        #expect(error?.message.contains("your token *** is tired") == true)
    }

    @Test(arguments: [
        "http://user:s3cretpw@127.0.0.1:1/a?b=1", "user:s3cretpw@host/a", "s3cretpw@:/?s3cretpw",
    ])
    func printsARequestWithoutUserAndQuery(url: String) {
        let request = HTTPRequest("GET", url, headers: [("Authorization", "s3cretpw")])
        #expect(!"\(request)".contains("s3cretpw"))
        let error = failure { () throws(HostError) in
            try HTTPService(quickSettings { $0.retry.maxAttempts = 1 }).makeQueue().send(request)
        }
        #expect(error?.description.contains("s3cretpw") == false)
    }
}
