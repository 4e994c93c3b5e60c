/* Errors: as many ways to word one as there are services. */
#include <string.h>

#include "cloudsim.h"

static const struct {
  unsigned status;
  const char *title;
  const char *message; /* webob's */
} texts[] = {
    {300, "Multiple Choices", ""},
    {400, "Bad Request",
     "The server could not comply with the request since "
     "it is either malformed or otherwise incorrect."},
    {401, "Unauthorized",
     "This server could not verify that you are authorized to access the "
     "document you requested. Either you supplied the wrong credentials "
     "(e.g., bad password), or your browser does not understand how to supply "
     "the credentials required."},
    {403, "Forbidden", "Access was denied to this resource."},
    {404, "Not Found", "The resource could not be found."},
    {406, "Not Acceptable", "The resource could not be generated."},
    {410, "Gone", "This resource is no longer available."},
    {412, "Precondition Failed", "A precondition for this request failed."},
    {413, "Request Entity Too Large", "Request is too large."},
    {429, "Too Many Requests", "Too many requests."},
    {500, "Internal Server Error",
     "The server has either erred or is incapable of performing the requested "
     "operation."},
    {502, "Bad Gateway", "Bad gateway."},
    {503, "Service Unavailable",
     "The server is currently unavailable. Please try again at a later time."},
    {504, "Gateway Timeout", "The gateway has timed out."},
};

static size_t text_of(unsigned status) {
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
    if (texts[i].status == status)
      return i;
  }
  return 10; /* 500 */
}

static void keystone_error(struct buf *out, unsigned status,
                           const char *message, const char *title) {
  buf_format(out, "{\"error\": {\"code\": %u, \"message\": ", status);
  buf_json(out, message);
  buf_format(out, ", \"title\": \"%s\"}}", title);
}

/* Glance words an error as the client accepts it. */
static void webob_error(const struct request *req, struct reply *reply,
                        unsigned status, const char *message,
                        const char *title) {
  const char *accept = request_header(req, "Accept");

  if (accept != NULL && strstr(accept, "application/json") != NULL) {
    reply_header(reply, "Content-Type", "application/json");
    buf_text(&reply->body, "{\"message\": ");
    buf_json(&reply->body, message);
    buf_format(&reply->body, ", \"code\": \"%u %s\", \"title\": \"%s\"}",
               status, title, title);
  } else if (accept != NULL && req->service != NULL) {
    reply_header(reply, "Content-Type", "text/html; charset=UTF-8");
    buf_format(&reply->body,
               "<html>\n <head>\n  <title>%u %s</title>\n </head>\n <body>\n"
               "  <h1>%u %s</h1>\n  %s<br /><br />\n\n\n\n </body>\n</html>",
               status, title, status, title, message);
  } else {
    reply_header(reply, "Content-Type", "text/plain; charset=UTF-8");
    buf_format(&reply->body, "%u %s\n\n%s\n\n   ", status, title, message);
  }
}

static void compute_error(struct buf *out, unsigned status,
                          const char *message) {
  const char *key = status == 400                    ? "badRequest"
                    : status == 401                  ? "unauthorized"
                    : status == 403                  ? "forbidden"
                    : status == 404                  ? "itemNotFound"
                    : status == 413 || status == 429 ? "overLimit"
                                                     : "computeFault";
  buf_format(out, "{\"%s\": {\"code\": %u, \"message\": ", key, status);
  buf_json(out, message);
  buf_text(out, "}}");
}

static void heat_error(struct buf *out, unsigned status, const char *message,
                       const char *title) {
  buf_format(out,
             "{\"code\": %u, \"title\": \"%s\", \"explanation\": \"%s\", "
             "\"error\": {\"type\": \"%s\", \"traceback\": null, "
             "\"message\": ",
             status, title, texts[text_of(status)].message, title);
  buf_json(out, message);
  buf_text(out, "}}");
}

/* JSON in a string. */
static void ironic_error(struct buf *out, unsigned status,
                         const char *message) {
  struct buf inner = {0};
  buf_format(&inner, "{\"faultcode\": \"%s\", \"faultstring\": ",
             status < 500 ? "Client" : "Server");
  buf_json(&inner, message);
  buf_text(&inner, ", \"debuginfo\": null}");
  buf_text(out, "{\"error_message\": ");
  buf_json(out, inner.failed ? "" : inner.data);
  buf_text(out, "}");
  buf_clear(&inner);
}

static void magnum_error(struct buf *out, unsigned status,
                         const char *message) {
  buf_format(out,
             "{\"errors\": [{\"request_id\": \"\", \"code\": \"%s\", "
             "\"status\": %u, \"title\": ",
             status < 500 ? "client" : "server", status);
  buf_json(out, message);
  buf_text(out, ", \"detail\": ");
  buf_json(out, message);
  buf_text(out, ", \"links\": []}]}");
}

static void json_error(const struct request *req, struct buf *out,
                       unsigned status, const char *message,
                       const char *title) {
  switch (req->service->errors) {
  case ERRORS_COMPUTE:
    compute_error(out, status, message);
    break;
  case ERRORS_NEUTRON:
    buf_format(
        out, "{\"NeutronError\": {\"type\": \"HTTP%u\", \"message\": ", status);
    buf_json(out, message);
    buf_text(out, ", \"detail\": \"\"}}");
    break;
  case ERRORS_OCTAVIA:
    buf_format(out, "{\"faultcode\": \"%s\", \"faultstring\": ",
               status < 500 ? "Client" : "Server");
    buf_json(out, status == 403 ? "Policy does not allow this request to be "
                                  "performed."
                                : message);
    buf_text(out, ", \"debuginfo\": null}");
    break;
  case ERRORS_DESIGNATE:
    buf_format(out, "{\"code\": %u, \"type\": \"%s\", \"message\": ", status,
               status == 404 ? "zone_not_found" : "unknown");
    buf_json(out, message);
    buf_text(out, ", \"request_id\": \"req-0\"}");
    break;
  case ERRORS_AODH:
    buf_text(out, "{\"error_message\": {\"faultcode\": \"Client\", "
                  "\"faultstring\": ");
    buf_json(out, message);
    buf_text(out, ", \"debuginfo\": null}}");
    break;
  case ERRORS_HEAT:
    heat_error(out, status, message, title);
    break;
  case ERRORS_IRONIC:
    ironic_error(out, status, message);
    break;
  case ERRORS_MAGNUM:
    magnum_error(out, status, message);
    break;
  default:
    keystone_error(out, status, message, title);
  }
}

static void unauthorized(const struct request *req, struct reply *reply) {
  if (req->service == NULL || req->service->errors == ERRORS_KEYSTONE) {
    keystone_error(&reply->body, 401,
                   "The request you have made requires authentication.",
                   "Unauthorized");
  } else { /* keystonemiddleware, for all others */
    buf_text(&reply->body,
             "{\"error\": {\"code\": 401, \"title\": \"Unauthorized\", "
             "\"message\": \"The request you have made requires "
             "authentication.\"}}");
  }
  reply_header(reply, "Content-Type", "application/json");
}

void error_reply(const struct request *req, struct reply *reply,
                 unsigned status, const char *message) {
  size_t text = text_of(status);
  const char *title = texts[text].title;
  bool by_middleware = status == 401 && message == NULL;
  enum errors shape =
      req->service != NULL ? req->service->errors : ERRORS_KEYSTONE;

  reply->status = status;
  if (message == NULL)
    message = texts[text].message;
  if (status == 401)
    reply_header(reply, "WWW-Authenticate", "Keystone uri=\"%s/v3\"", sim.base);
  if (shape == ERRORS_SWIFT) {
    reply_header(reply, "Content-Type", "text/html; charset=UTF-8");
    if (status == 412)
      buf_text(&reply->body, message);
    else
      buf_format(&reply->body, "<html><h1>%s</h1><p>%s</p></html>", title,
                 message);
  } else if (shape == ERRORS_RGW) {
    reply_header(reply, "Content-Type", "application/json");
    buf_format(&reply->body,
               "{\"Code\": \"%s\", \"Message\": \"\", \"RequestId\": \"tx0\", "
               "\"HostId\": \"1016-default-default\"}",
               status == 403 ? "AccessDenied" : "UnknownError");
  } else if (shape == ERRORS_GLANCE) {
    webob_error(req, reply, status, message, title);
  } else if (by_middleware) {
    unauthorized(req, reply);
  } else if (status >= 502 && shape != ERRORS_KEYSTONE) {
    reply_header(reply, "Content-Type", "text/plain; charset=UTF-8");
    buf_format(&reply->body, "%u %s\n\n%s\n\n   ", status, title, message);
  } else if (shape == ERRORS_DESIGNATE && status == 403) {
    reply_header(reply, "Content-Type", "text/html; charset=utf-8");
  } else {
    reply_header(reply, "Content-Type", "application/json");
    if (req->service == NULL)
      keystone_error(&reply->body, status, message, title);
    else
      json_error(req, &reply->body, status, message, title);
  }
}

void proxy_reply(struct reply *reply, unsigned status) {
  const char *title = texts[text_of(status)].title;

  reply->status = status;
  reply->by_proxy = true;
  reply_header(reply, "Content-Type", "text/html");
  buf_format(&reply->body,
             "<html><head><title>%u %s</title></head>\n<body>\n<center><h1>"
             "%u %s</h1></center>\n<hr><center>nginx</center>\n</body>\n"
             "</html>\n",
             status, title, status, title);
}
