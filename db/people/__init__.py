"""People and studies: consents, records, erasing."""
