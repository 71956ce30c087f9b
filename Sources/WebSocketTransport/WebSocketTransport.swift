// The frames of RFC 6455 as messages, for the server and the client.
