/* office_open_int.h - the names in an office's folder */
#ifndef VANTHU_OFFICE_OPEN_INT_H
#define VANTHU_OFFICE_OPEN_INT_H

#define VT_OFFICE_REGISTER "register.db"
#define VT_OFFICE_OBJECTS "objects"
#define VT_OFFICE_OUTBOX "outbox"
#define VT_OFFICE_QUARANTINE "quarantine"
#define VT_OFFICE_TRUST "trust"
#define VT_OFFICE_AGENCY_CERT "agency.pem"

#endif
