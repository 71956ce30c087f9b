extension OpenAPIDocument {
    /// In Markdown, as the documentation pages show it first.
    static let introduction = """
        **Authentication.** `POST /api/auth/login` answers an `access_token` of 30 minutes, which \
        goes into the header `Authorization: Bearer …`, and a `refresh_token` for \
        `POST /api/auth/refresh`. What a call needs stands with it as a permission; a missing or \
        bad token is 401, a missing permission 403. What a caller may not see answers 404.

        **Times** are RFC 3339 in UTC, ids are UUIDs, durations are seconds. A key without a value \
        is written as `null`. New keys may be added to answers; unknown keys of requests are \
        ignored.

        **Errors** have the form of `ErrorBody`. A validation error lists every fault at once, each \
        with the path of its field. Every answer has an `X-Request-ID`; one that the caller sends \
        is taken when it is sane.

        **Lists** are paged by `page` and `page_size` (at most 100), or by `cursor`, which costs \
        the same wherever it is. `sort=key` rises, `sort=-key` falls. `fields=id,name` picks keys \
        of the items, or of a single answer.

        **Versions.** Answers to GET have an `ETag` and honour `If-None-Match`. A change of a \
        workflow with `If-Match` is refused (412) when the workflow has changed meanwhile.

        **Rate limits** are told by `X-RateLimit-Limit`, `-Remaining`, `-Reset` (Unix seconds) and \
        `-Window` (seconds) on every limited answer; beyond them 429 with `Retry-After`.

        **Methods.** Another method than those of a path answers 405 with `Allow`, a path that is \
        not here 404. A body over 1 MiB is 413, another content type than JSON 400. What is no HTTP is \
        400 or, with too large a head, 431, and an address over 8 KiB 414, whatever is called.

        **Event stream.** `ws://HOST/ws/{client_id}` sends every change of executions, alerts and \
        metrics, and goes on after a cut where it was; see `x-websocket` in this document.

        **Webhooks.** The `webhook_url` of an execution is called when it ends, signed as Standard \
        Webhooks has it; see the callback of `POST /api/workflows/{workflow_id}/execute`.
        """
}
