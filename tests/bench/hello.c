/*
 * hello: the least that a FastCGI program can do.  What it costs is what the
 * web server and FastCGI cost, the floor under every other figure.
 */

#include <fcgiapp.h>

int
main(void)
{
	FCGX_Request request;
	char body[4096];

	FCGX_Init();
	FCGX_InitRequest(&request, 0, 0);
	while (FCGX_Accept_r(&request) == 0) {
		while (FCGX_GetStr(body, sizeof(body), request.in) ==
		    sizeof(body))
			continue;
		FCGX_PutS("Status: 200 OK\r\n"
		    "Content-Type: application/json\r\n"
		    "Content-Length: 17\r\n\r\n"
		    "{\"hello\":\"world\"}", request.out);
		FCGX_Finish_r(&request);
	}
	return 0;
}
