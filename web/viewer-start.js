// Nothing is asked of other machines: the document is ours, and nobody validates it elsewhere.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#viewer", deepLinking: true, docExpansion: "none", validatorUrl: null });
