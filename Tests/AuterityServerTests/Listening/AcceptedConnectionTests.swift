import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import AuterityServer

@Suite struct AcceptedConnectionTests {
    private static func accept(
        _ channel: NIOAsyncTestingChannel
    ) async throws -> AcceptedConnection {
        let loop = channel.testingEventLoop
        return try await loop.executeInContext {
            AcceptedConnection(
                try NIOAsyncChannel(wrappingChannelSynchronously: channel), LoopExecutor(loop))
        }
    }

    @Test func oneThatNobodyServesIsClosedAndEndsNothingElse() async throws {
        let channel = NIOAsyncTestingChannel()
        try await channel.connect(to: SocketAddress(unixDomainSocketPath: "peer"))
        do {
            _ = try await Self.accept(channel)
        }
        await channel.testingEventLoop.run()
        try await channel.closeFuture.get()
        #expect(!channel.isActive)
    }

    @Test func oneThatIsServedBelongsToWhoTookIt() async throws {
        let channel = NIOAsyncTestingChannel()
        try await channel.connect(to: SocketAddress(unixDomainSocketPath: "peer"))
        let value: StreamChannel.Value?
        do {
            let accepted = try await Self.accept(channel)
            value = accepted.take()
            #expect(accepted.take() == nil)
        }
        await channel.testingEventLoop.run()
        #expect(channel.isActive)
        try await value?.executeThenClose { _, _ in }
        await channel.testingEventLoop.run()
        #expect(!channel.isActive)
    }
}
