"""The parts of the REST API that every page needs: session, errors, paging, the document."""
