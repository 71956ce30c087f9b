import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

extension HTTPResponder where Context: InitializableFromSource<ApplicationRequestContextSource> {
    /// The responder as a channel calls it: makes the context of each request, writes the answer
    /// and dates it.
    func answering(logger: Logger) -> HTTPChannelHandler.Responder {
        let dates = DateHeader()
        return { request, writer, channel in
            let context = Context(
                source: ApplicationRequestContextSource(channel: channel, logger: logger))
            var response: Response
            do {
                response = try await respond(to: request, context: context)
            } catch let error as HTTPParserError {
                // The channel answers it, and closes.
                throw error
            } catch {
                logger.error("A request was not answered", metadata: ["error": "\(error)"])
                response = Response(status: .internalServerError)
            }
            response.headers[.date] = dates.text
            do {
                try await writer.write(response: response.head, body: response.body)
            } catch is HTTPParserError {
                // The answer has begun: a second one must not follow it.
                throw ChannelError.ioOnClosedChannel
            }
        }
    }
}
