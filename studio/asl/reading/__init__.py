"""From a document's JSON objects to the types of ``definition``, noting all that is wrong."""
