SwaggerUIBundle({
  url: "/v1/openapi.yaml",
  dom_id: "#docs",
  deepLinking: true,
  // A validator elsewhere would be handed the contract's address.
  validatorUrl: null,
  // The contract names the address of a stack: a call that is tried out goes to this cloud.
  requestInterceptor: (request) => {
    const url = new URL(request.url, location.href);
    return Object.assign(request, { url: location.origin + url.pathname + url.search });
  },
});
